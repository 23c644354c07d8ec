/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.fdbroker.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.fdbroker.socket.InheritedDescriptorException;

/**
 * Explains {@link InheritedDescriptorException}.
 */
class InheritedDescriptorFailureAnalyzer extends AbstractFailureAnalyzer<InheritedDescriptorException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InheritedDescriptorException cause) {
		return new FailureAnalysis(cause.getMessage() + ".",
				"Start the application with the descriptor that it is configured for: see ListenStream= and "
						+ "FileDescriptorName= of the socket unit, or the command that starts it. To do without what "
						+ "the service manager passes, set fdbroker.systemd.enabled=false.",
				cause);
	}

}
