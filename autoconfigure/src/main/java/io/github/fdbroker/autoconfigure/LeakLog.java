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

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.security.PeerLog;
import io.github.fdbroker.security.PeerLog.Kind;
import io.github.fdbroker.system.DescriptorLeak;

/**
 * Logs descriptors that the application did not close.
 */
final class LeakLog implements Consumer<DescriptorLeak> {

	private final PeerLog log = new PeerLog(LogFactory.getLog(OwnedFd.class));

	@Override
	public void accept(DescriptorLeak leak) {
		this.log.add(Kind.SYSTEM, leak.origin(),
				"Descriptor %d (%s) from %s, handed out at %s, was garbage-collected without having been closed, and is closed now: close its OwnedFd or FdMessage; %s"
					.formatted(leak.number(), leak.target(), leak.origin(), leak.since(), stack(leak.creation())));
	}

	private static String stack(@Nullable Throwable creation) {
		return (creation == null) ? "fdbroker.leaks.stack-traces=true logs where it was handed out"
				: "it was handed out" + Arrays.stream(creation.getStackTrace())
					.map(StackTraceElement::toString)
					.collect(Collectors.joining("\n\tat ", "\n\tat ", ""));
	}

}
