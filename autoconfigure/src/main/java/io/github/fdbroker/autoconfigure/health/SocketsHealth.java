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

package io.github.fdbroker.autoconfigure.health;

import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * The health of the sockets that this application listens on.
 *
 * @param expected the names of the sockets that are opened with the application
 * @param listeners serve the sockets
 */
record SocketsHealth(Set<String> expected, FdListenerRegistry listeners) {

	private static final String OPEN = "open";

	/**
	 * Check the sockets.
	 * @param details receives the state of each socket
	 * @return whether each socket is open that should be
	 */
	boolean check(Map<String, String> details) {
		Set<String> names = new TreeSet<>(this.expected);
		this.listeners.containers().forEach((container) -> names.add(container.settings().name()));
		boolean healthy = true;
		for (String name : names) {
			FdListenerContainer container = this.listeners.container(name);
			String state = state(name, container);
			details.put(name, state);
			healthy &= state.equals(OPEN) || container != null && !container.isStarted();
		}
		return healthy;
	}

	private static String state(String name, @Nullable FdListenerContainer container) {
		if (container == null) {
			return "closed: no listener serves it, annotate a method with @FdListener(\"" + name + "\")";
		}
		if (!container.isRunning()) {
			return container.isStarted() ? "closed: it has failed, see the log and start it again" : "stopped";
		}
		return isReachable(container) ? OPEN : "unreachable: the file %s was removed, stop and start the socket"
			.formatted(container.settings().path().path());
	}

	private static boolean isReachable(FdListenerContainer container) {
		return container.settings().path().isAbstract() || container.isShared()
				|| !Files.notExists(container.settings().path().path());
	}

}
