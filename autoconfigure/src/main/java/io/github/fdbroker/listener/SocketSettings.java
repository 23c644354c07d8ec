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
 * The settings of one socket.
 *
 * @param group the name for metrics, of which there are few
 * @param path the path of the socket
 * @param type the type of the socket
 * @param inherited the inherited sockets, which are served instead of one at the path
 * @param file the settings of its file
 * @param format the format of its messages
 * @param limits the limits of messages and connections
 * @param authorizer decides whether a peer may connect, or send datagrams
 * @param credentials the source of the credentials that authorize peers of connections
 * @param backlog the maximum number of connections that wait in the kernel
 * @param maxConnections the maximum number of connections served at a time; further
 * connections wait
 * @param maxConnectionsPerUser the maximum number of connections of one user; further
 * connections are refused
 * @param maxPending the maximum number of pending replies of a connection
 * @param listenerTimeout the maximum time until an asynchronous result is complete, or
 * {@code null} for no limit
 * @param sendTimeout how long to wait for room to send a reply, zero for no limit
 * @param refuseEarlyDescriptors whether the kernel refuses descriptors of peers that are
 * not authorized yet
 * @param autoStartup whether to serve the socket when the application starts
 */
public record SocketSettings(String group, SocketPath path, SocketType type, List<InheritedDescriptor> inherited,
		SocketFileSettings file, Format format, WireLimits limits, PeerAuthorizer authorizer,
		CredentialsSource credentials, int backlog, int maxConnections, int maxConnectionsPerUser, int maxPending,
		@Nullable Duration listenerTimeout, Duration sendTimeout, boolean refuseEarlyDescriptors, boolean autoStartup) {

	/**
	 * Return the settings that apply to the connections of child processes.
	 * @param group their name for metrics
	 * @param name the name of the children
	 * @param format the format of their messages
	 * @param limits the limits of their messages
	 * @param maxPending the maximum number of pending replies of a connection
	 * @return the settings
	 */
	public static SocketSettings child(String group, String name, Format format, WireLimits limits, int maxPending) {
		return new SocketSettings(group, new SocketPath(name, Path.of("connection")), SocketType.STREAM, List.of(),
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

	/**
	 * Whether another process has to pass the socket.
	 * @return {@code true} if the path is not known to this process
	 */
	public boolean isPassed() {
		return this.path.isUnknown();
	}

	/**
	 * Return the name with its kind, for exceptions.
	 */
	String label() {
		return (this.limits.prefix().startsWith("fdbroker.children.") ? "child '" : "socket '") + name() + "'";
	}

	/**
	 * Return the full name of a property, for exceptions.
	 */
	String property(String name) {
		return this.limits.prefix() + "." + name;
	}

	MessageSocketSettings messageSocket() {
		return new MessageSocketSettings(this.type, this.credentials == CredentialsSource.MESSAGE, this.sendTimeout);
	}

}
