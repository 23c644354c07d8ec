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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts programs as systemd does for the sockets of a socket unit, by
 * {@code systemd-socket-activate}.
 */
public final class SocketActivate {

	private SocketActivate() {
	}

	/**
	 * Listen, and wait until all sockets are there. The program is started when somebody
	 * connects.
	 */
	public static PeerProcess start(int sockets, List<String> options, List<String> program) {
		Peers.require("systemd-socket-activate");
		List<String> command = new ArrayList<>(List.of("systemd-socket-activate"));
		command.addAll(options);
		command.addAll(program);
		PeerProcess process = PeerProcess.start(command);
		for (int i = 0; i < sockets; i++) {
			process.awaitLine("Listening on ");
		}
		return process;
	}

	/**
	 * Return a port that nobody listens on.
	 */
	public static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Connect to a port, and return all that comes.
	 */
	public static String readAll(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
