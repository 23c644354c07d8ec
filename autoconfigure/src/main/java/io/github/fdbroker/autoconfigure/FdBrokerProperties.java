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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.listener.CredentialsSource;
import io.github.fdbroker.listener.ErrorDetails;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.wire.Format;

/**
 * The configuration of fdbroker. The values of maps are annotated because the metadata
 * would not describe them otherwise.
 *
 * @param directory Directory against which relative paths of sockets are resolved. By
 * default, the working directory.
 * @param transport Transport that moves bytes and descriptors. By default, the native one
 * where it is available.
 * @param sockets Sockets that this application listens on, by name.
 * @param peers Sockets that this application sends to, by name.
 * @param children Processes that this application starts with a socket, by name. Names
 * that are not configured use the defaults.
 * @param heldDescriptors Limits of the received descriptors that are open.
 * @param listener Settings of all listeners.
 * @param leaks Descriptors that the application did not close.
 * @param systemd Integration with systemd.
 */
@ConfigurationProperties("fdbroker")
public record FdBrokerProperties(@Nullable String directory, @DefaultValue("auto") TransportMode transport,
		@DefaultValue Map<String, Socket> sockets, @DefaultValue Map<String, Peer> peers,
		@DefaultValue Map<String, Child> children, @DefaultValue DescriptorQuota heldDescriptors,
		@DefaultValue Listener listener, @DefaultValue Leaks leaks, @DefaultValue Systemd systemd) {

	/**
	 * Settings of all listeners.
	 *
	 * @param errorDetails Whether a requester receives the class name and the message of
	 * an exception that a listener method throws, or only that the method failed.
	 */
	public record Listener(@DefaultValue("always") ErrorDetails errorDetails) {

	}

	/**
	 * A socket that this application listens on.
	 *
	 * @param path Path of the socket file. A relative path is resolved against
	 * fdbroker.directory.
	 * @param type Type of the socket.
	 * @param allowAbstractName Whether the path may be an abstract name, which begins
	 * with "@". Such a name has no permissions, and any process in the network namespace
	 * can take it first.
	 * @param credentials Whether to authorize the process that connected or the sender of
	 * each message (native transport only). Each datagram is always authorized.
	 * @param descriptor Number of a socket that this process inherits, such as 0 under
	 * inetd. It is served instead of a socket at the path.
	 * @param format Format of the messages.
	 * @param mode Permissions of the socket file, in octal or as "rw-rw----". Clients
	 * need the permission to write.
	 * @param group Group of the socket file, by name or number. By default, the group of
	 * this process.
	 * @param createDirectory Whether to create the directory of the socket file, with
	 * mode 0700, if it is missing.
	 * @param backlog Maximum number of connections that the system keeps waiting to be
	 * accepted.
	 * @param maxMessageSize Maximum size of a message, headers included.
	 * @param maxDescriptors Maximum number of descriptors of a message, 253 at most.
	 * @param maxConnections Maximum number of connections. Further ones wait.
	 * @param maxConnectionsPerUser Maximum number of connections of one user. Further
	 * ones are refused.
	 * @param maxPendingReplies Maximum number of asynchronous replies pending per
	 * connection. Further messages wait. On datagram sockets the limit applies to all
	 * senders together, and further messages are refused.
	 * @param listenerTimeout Time within which the future or publisher that a method
	 * returns has to complete. After that, the sender of a request receives an error. By
	 * default, no limit.
	 * @param messageTimeout Time that the rest of a message may take once it has begun.
	 * @param idleTimeout Time after which a connection without messages is closed. By
	 * default, never.
	 * @param sendTimeout Time that a reply may wait for a peer that does not read. Zero
	 * disables the limit. Replies to datagrams never wait.
	 * @param refuseEarlyDescriptors Whether the kernel refuses descriptors of a peer that
	 * is not authorized yet (SO_PASSRIGHTS, Linux 6.16, native transport). A peer that
	 * sends descriptors right after connecting gets EPERM and has to send them again.
	 * @param autoStartup Whether to serve the socket when the application starts.
	 * Otherwise, it is served when its container is started.
	 * @param allow Users and groups that may connect. By default, only the user of this
	 * process.
	 */
	@ConfigurationProperties("fdbroker.sockets.*")
	public record Socket(@Nullable String path, @DefaultValue("stream") SocketType type,
			@DefaultValue("false") boolean allowAbstractName, @DefaultValue("connection") CredentialsSource credentials,
			@Nullable Integer descriptor, @DefaultValue("frame") Format format, @DefaultValue("0600") SocketMode mode,
			@Nullable String group, @DefaultValue("false") boolean createDirectory, @DefaultValue("128") int backlog,
			@DefaultValue("64KB") DataSize maxMessageSize, @DefaultValue("16") int maxDescriptors,
			@DefaultValue("2048") int maxConnections, @DefaultValue("256") int maxConnectionsPerUser,
			@DefaultValue("128") int maxPendingReplies, @Nullable Duration listenerTimeout,
			@DefaultValue("10s") Duration messageTimeout, @Nullable Duration idleTimeout,
			@DefaultValue("30s") Duration sendTimeout, @DefaultValue("false") boolean refuseEarlyDescriptors,
			@DefaultValue("true") boolean autoStartup, @DefaultValue Principals allow) {

	}

	/**
	 * A socket that this application sends to.
	 *
	 * @param path Path of the socket file. A relative path is resolved against
	 * fdbroker.directory.
	 * @param type Type of the socket.
	 * @param allowAbstractName Whether the path may be an abstract name, which begins
	 * with "@". Such a name has no permissions, and any process in the network namespace
	 * can take it first.
	 * @param descriptor Number of a connected socket that this process inherits, such as
	 * 1 under "ProxyUseFdpass" of ssh. All messages are sent on it.
	 * @param format Format of the messages.
	 * @param connectTimeout Time to wait for a peer that does not listen yet.
	 * @param sendTimeout Time that a message may wait for a peer that does not read. Zero
	 * disables the limit.
	 * @param replyTimeout Time to wait for a reply, and for a free connection to send a
	 * request.
	 * @param maxConnections Maximum number of requests at a time. Further ones wait.
	 * @param maxPendingSends Maximum number of messages that wait to be sent
	 * asynchronously. A message with several descriptors counts once per descriptor.
	 * Further ones are refused.
	 * @param acknowledge Whether a send waits until the listener has processed the
	 * message, and fails if the listener fails. Format "frame" only.
	 * @param maxMessageSize Maximum size of a reply, headers included.
	 * @param maxDescriptors Maximum number of descriptors of a reply, 253 at most.
	 * @param required Whether the application is unhealthy while the peer cannot be
	 * reached. Each check of the health connects to it.
	 * @param expect Users and groups that may serve the peer. By default, the user of
	 * this process and root.
	 */
	@ConfigurationProperties("fdbroker.peers.*")
	public record Peer(@Nullable String path, @DefaultValue("stream") SocketType type,
			@DefaultValue("false") boolean allowAbstractName, @Nullable Integer descriptor,
			@DefaultValue("frame") Format format, @DefaultValue("5s") Duration connectTimeout,
			@DefaultValue("30s") Duration sendTimeout, @DefaultValue("30s") Duration replyTimeout,
			@DefaultValue("16") int maxConnections, @DefaultValue("1024") int maxPendingSends,
			@DefaultValue("false") boolean acknowledge, @DefaultValue("64KB") DataSize maxMessageSize,
			@DefaultValue("16") int maxDescriptors, @DefaultValue("false") boolean required,
			@DefaultValue Principals expect) {

	}

	/**
	 * A process that this application starts with a socket.
	 *
	 * @param format Format of the messages.
	 * @param sendTimeout Time that a message may wait for a child that does not read.
	 * Zero disables the limit.
	 * @param replyTimeout Time to wait for a reply.
	 * @param messageTimeout Time that the rest of a message may take once it has begun.
	 * @param maxMessageSize Maximum size of a message from a child, headers included.
	 * @param maxDescriptors Maximum number of descriptors of a message from a child, 253
	 * at most.
	 * @param maxPendingMessages Maximum number of messages that wait to be received or
	 * handled. Further ones wait in the socket, as do the replies behind them.
	 * @param maxPendingSends Maximum number of messages that wait to be sent
	 * asynchronously. A message with several descriptors counts once per descriptor.
	 * Further ones are refused.
	 */
	@ConfigurationProperties("fdbroker.children.*")
	public record Child(@DefaultValue("frame") Format format, @DefaultValue("30s") Duration sendTimeout,
			@DefaultValue("30s") Duration replyTimeout, @DefaultValue("10s") Duration messageTimeout,
			@DefaultValue("64KB") DataSize maxMessageSize, @DefaultValue("16") int maxDescriptors,
			@DefaultValue("16") int maxPendingMessages, @DefaultValue("1024") int maxPendingSends) {

	}

	/**
	 * Limits of the received descriptors that are open.
	 *
	 * @param perConnection Maximum number of received descriptors of one connection that
	 * are open, including those that wait or are being closed. Further messages wait.
	 * @param perUser Maximum number of received descriptors of one user that are open.
	 * Connections that exceed it are refused. At most half of the total if RLIMIT_NOFILE
	 * lowers the total.
	 * @param total Maximum number of received descriptors that are open. At most
	 * RLIMIT_NOFILE minus 256.
	 */
	public record DescriptorQuota(@DefaultValue("64") int perConnection, @DefaultValue("256") int perUser,
			@DefaultValue("1024") int total) {

	}

	/**
	 * Descriptors that the application did not close before they were garbage-collected.
	 *
	 * @param stackTraces Whether to record where each descriptor was handed out, and to
	 * log it if the application does not close it.
	 */
	public record Leaks(@DefaultValue("false") boolean stackTraces) {
	}

	/**
	 * Integration with systemd.
	 *
	 * @param mainPid Whether to report this process as the main process of its service.
	 * Useful if a script starts it and waits for it, and NotifyAccess= is "all".
	 */
	public record Systemd(@DefaultValue("false") boolean mainPid) {

	}

	/**
	 * The users and groups that a peer may belong to. If none is configured, the defaults
	 * of the property apply.
	 *
	 * @param uids Numbers of users.
	 * @param gids Numbers of groups.
	 * @param users Users, by name or number.
	 * @param groups Groups, by name or number.
	 */
	public record Principals(@DefaultValue List<Long> uids, @DefaultValue List<Long> gids,
			@DefaultValue List<String> users, @DefaultValue List<String> groups) {

		boolean isEmpty() {
			return this.uids.isEmpty() && this.gids.isEmpty() && this.users.isEmpty() && this.groups.isEmpty();
		}

	}

}
