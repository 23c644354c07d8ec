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

package io.github.fdbroker.test;

import java.util.HashMap;
import java.util.Map;

import io.github.fdbroker.listener.FdListenerRegistry;

/**
 * Connects to a socket, and makes the calls on the connection that arrive on its standard
 * input, a socket. Runs as another user than the test that starts it.
 */
final class RelayProcess {

	private static final String SOCKET = "relay";

	private RelayProcess() {
	}

	public static void main(String[] properties) {
		ProcessHandle test = ProcessHandle.current().parent().orElseThrow();
		Map<String, Object> values = new HashMap<>();
		for (String property : properties) {
			values.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		String socket = "fdbroker.sockets." + SOCKET;
		values.put(socket + ".descriptor", 0);
		// The user of the test, who created the pair of sockets.
		values.put(socket + ".allow.uids", 0);
		values.put(socket + ".max-descriptors", 253);
		values.put(socket + ".max-message-size", "16MB");
		EmbeddedBroker broker = new EmbeddedBroker(values, null);
		OwnConnection connection = new OwnConnection(broker);
		broker.bean(FdListenerRegistry.class)
			.register(SOCKET, (message, sender) -> RelayedCall.make(connection, message));
		test.onExit().join();
		System.exit(0);
	}

}
