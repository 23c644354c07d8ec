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

package io.github.fdbroker.listener;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.SocketFileSettings;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireLimits;

/**
 * How one socket is to be served.
 *
 * @param path where it is
 * @param type its type
 * @param inherited the sockets that the process was started with, which are served in the
 * place of one at the path
 * @param file how its file is to look
 * @param format the format of its messages
 * @param limits what a connection may bring
 * @param authorizer who may connect, or send datagrams
 * @param credentials whose credentials count where there are connections
 * @param backlog how many connections the system keeps waiting
 * @param maxConnections how many connections are served at a time; more wait
 * @param maxConnectionsPerUser how many of them may be one user's; more are refused
 * @param maxPending how many replies a connection may wait for
 * @param listenerTimeout how long a method may take for an asynchronous result, or
 * {@code null} for no limit
 * @param sendTimeout how long a reply waits for room, zero for ever
 * @param refuseEarlyDescriptors whether the kernel refuses descriptors of peers that are
 * not authorized yet
 * @param autoStartup whether it is served when the application starts
 */
public record SocketSettings(SocketPath path, SocketType type, List<InheritedDescriptor> inherited,
		SocketFileSettings file, Format format, WireLimits limits, PeerAuthorizer authorizer,
		CredentialsSource credentials, int backlog, int maxConnections, int maxConnectionsPerUser, int maxPending,
		@Nullable Duration listenerTimeout, Duration sendTimeout, boolean refuseEarlyDescriptors, boolean autoStartup) {

	/**
	 * Return how the messages of a connection are handled that no socket accepted.
	 * @param name the name of the other end
	 * @param format the format of its messages
	 * @param limits what it may bring
	 * @param maxPending how many replies may be awaited
	 * @return the settings
	 */
	public static SocketSettings connection(String name, Format format, WireLimits limits, int maxPending) {
		return new SocketSettings(new SocketPath(name, Path.of("connection")), SocketType.STREAM, List.of(),
				SocketFileSettings.PRIVATE, format, limits, (peer, socket) -> true, CredentialsSource.CONNECTION, 1, 1,
				1, maxPending, null, Duration.ZERO, false, false);
	}

	/**
	 * Return the name of the socket.
	 * @return the name
	 */
	public String name() {
		return this.path.name();
	}

	MessageSocketSettings messageSocket() {
		return new MessageSocketSettings(this.type, this.credentials == CredentialsSource.MESSAGE, this.sendTimeout);
	}

}
