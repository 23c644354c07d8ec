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

package io.github.fdbroker.socket;

import io.github.fdbroker.FdConfigurationException;

/**
 * A descriptor that this process should have been started with is not there, or is not
 * what it has to be.
 */
public final class InheritedDescriptorException extends FdConfigurationException {

	/**
	 * Create an exception.
	 * @param message which descriptor, and what is wrong with it
	 */
	public InheritedDescriptorException(String message) {
		super(message, "Start the application with the descriptor that it is configured for: see ListenStream= and "
				+ "FileDescriptorName= of the socket unit, or the command that starts it. To do without what the "
				+ "service manager passes, set fdbroker.systemd.enabled=false");
	}

}
