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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

import io.github.fdbroker.listener.CredentialsSource;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.SocketType;
import io.github.fdbroker.wire.Format;

/**
 * The configuration of fdbroker.
 */
@ConfigurationProperties("fdbroker")
public class FdBrokerProperties {

	/**
	 * Directory that relative paths of sockets are resolved against. By default, the
	 * working directory.
	 */
	private @Nullable Path directory;

	/**
	 * How bytes and descriptors are moved. By default, by the native transport where it
	 * is available.
	 */
	private TransportMode transport = TransportMode.AUTO;

	/**
	 * Sockets that this application listens on, by name.
	 */
	private final Map<String, Socket> sockets = new LinkedHashMap<>();

	/**
	 * Sockets that this application sends to, by name.
	 */
	private final Map<String, Peer> peers = new LinkedHashMap<>();

	/**
	 * Processes that this application starts with a socket, by name. Those that are not
	 * named here have the defaults.
	 */
	private final Map<String, Child> children = new LinkedHashMap<>();

	private final DescriptorQuota heldDescriptors = new DescriptorQuota();

	private final Systemd systemd = new Systemd();

	public @Nullable Path getDirectory() {
		return this.directory;
	}

	public void setDirectory(@Nullable Path directory) {
		this.directory = directory;
	}

	public TransportMode getTransport() {
		return this.transport;
	}

	public void setTransport(TransportMode transport) {
		this.transport = transport;
	}

	public Map<String, Socket> getSockets() {
		return this.sockets;
	}

	public Map<String, Peer> getPeers() {
		return this.peers;
	}

	public Map<String, Child> getChildren() {
		return this.children;
	}

	public DescriptorQuota getHeldDescriptors() {
		return this.heldDescriptors;
	}

	public Systemd getSystemd() {
		return this.systemd;
	}

	/**
	 * A socket that this application listens on.
	 */
	public static class Socket {

		/**
		 * Path of the socket file. A relative path is resolved against
		 * fdbroker.directory.
		 */
		private @Nullable String path;

		/**
		 * Type of the socket.
		 */
		private SocketType type = SocketType.STREAM;

		/**
		 * Whether the path may be an abstract name, which begins with "@". Such a name
		 * has no permissions, and any process in the network namespace can take it first.
		 */
		private boolean allowAbstractName;

		/**
		 * Whose credentials count where there are connections: of who connected, or of
		 * who sends each message (native transport only).
		 */
		private CredentialsSource credentials = CredentialsSource.CONNECTION;

		/**
		 * Number of a socket that this process is started with, such as 0 under inetd. It
		 * is served in the place of one at the path.
		 */
		private @Nullable Integer descriptor;

		/**
		 * Format of the messages.
		 */
		private Format format = Format.FRAME;

		/**
		 * Permissions of the socket file, in octal or as "rw-rw----". Connecting takes
		 * the permission to write.
		 */
		private SocketMode mode = SocketMode.of("0600");

		/**
		 * Group of the socket file, by name or number. By default, the group of this
		 * process.
		 */
		private @Nullable String group;

		/**
		 * Whether to create the directory of the socket file, with mode 0700, if it is
		 * missing.
		 */
		private boolean createDirectory;

		/**
		 * Maximum number of connections that the system keeps waiting to be accepted.
		 */
		private int backlog = 128;

		/**
		 * Maximum size of a message, headers included.
		 */
		private DataSize maxMessageSize = DataSize.ofKilobytes(64);

		/**
		 * Maximum number of descriptors of a message, 253 at most.
		 */
		private int maxDescriptors = 16;

		/**
		 * Maximum number of connections. Further ones wait.
		 */
		private int maxConnections = 2048;

		/**
		 * Maximum number of connections of one user. Further ones are refused.
		 */
		private int maxConnectionsPerUser = 256;

		/**
		 * Maximum number of messages of one connection that methods with an asynchronous
		 * result work on. Further ones wait.
		 */
		private int maxPendingReplies = 128;

		/**
		 * Time that the rest of a message may take once it has begun.
		 */
		private Duration messageTimeout = Duration.ofSeconds(10);

		/**
		 * Time after which a connection without messages is closed. By default, never.
		 */
		private @Nullable Duration idleTimeout;

		/**
		 * Time that a reply may wait for a peer that takes nothing. Zero waits for ever.
		 */
		private Duration sendTimeout = Duration.ofSeconds(30);

		/**
		 * Whether the kernel is to refuse descriptors of a peer that is not authorized
		 * yet (SO_PASSRIGHTS, Linux 6.16, Java 22). A peer that sends some right after
		 * connecting gets EPERM, and has to try again.
		 */
		private boolean refuseEarlyDescriptors;

		private final Principals allow = new Principals();

		public @Nullable String getPath() {
			return this.path;
		}

		public void setPath(@Nullable String path) {
			this.path = path;
		}

		public @Nullable Integer getDescriptor() {
			return this.descriptor;
		}

		public void setDescriptor(@Nullable Integer descriptor) {
			this.descriptor = descriptor;
		}

		public SocketType getType() {
			return this.type;
		}

		public void setType(SocketType type) {
			this.type = type;
		}

		public boolean isAllowAbstractName() {
			return this.allowAbstractName;
		}

		public void setAllowAbstractName(boolean allowAbstractName) {
			this.allowAbstractName = allowAbstractName;
		}

		public CredentialsSource getCredentials() {
			return this.credentials;
		}

		public void setCredentials(CredentialsSource credentials) {
			this.credentials = credentials;
		}

		public Format getFormat() {
			return this.format;
		}

		public void setFormat(Format format) {
			this.format = format;
		}

		public SocketMode getMode() {
			return this.mode;
		}

		public void setMode(SocketMode mode) {
			this.mode = mode;
		}

		public @Nullable String getGroup() {
			return this.group;
		}

		public void setGroup(@Nullable String group) {
			this.group = group;
		}

		public boolean isCreateDirectory() {
			return this.createDirectory;
		}

		public void setCreateDirectory(boolean createDirectory) {
			this.createDirectory = createDirectory;
		}

		public int getBacklog() {
			return this.backlog;
		}

		public void setBacklog(int backlog) {
			this.backlog = backlog;
		}

		public DataSize getMaxMessageSize() {
			return this.maxMessageSize;
		}

		public void setMaxMessageSize(DataSize maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
		}

		public int getMaxDescriptors() {
			return this.maxDescriptors;
		}

		public void setMaxDescriptors(int maxDescriptors) {
			this.maxDescriptors = maxDescriptors;
		}

		public int getMaxConnections() {
			return this.maxConnections;
		}

		public void setMaxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
		}

		public int getMaxConnectionsPerUser() {
			return this.maxConnectionsPerUser;
		}

		public void setMaxConnectionsPerUser(int maxConnectionsPerUser) {
			this.maxConnectionsPerUser = maxConnectionsPerUser;
		}

		public int getMaxPendingReplies() {
			return this.maxPendingReplies;
		}

		public void setMaxPendingReplies(int maxPendingReplies) {
			this.maxPendingReplies = maxPendingReplies;
		}

		public Duration getMessageTimeout() {
			return this.messageTimeout;
		}

		public void setMessageTimeout(Duration messageTimeout) {
			this.messageTimeout = messageTimeout;
		}

		public @Nullable Duration getIdleTimeout() {
			return this.idleTimeout;
		}

		public void setIdleTimeout(@Nullable Duration idleTimeout) {
			this.idleTimeout = idleTimeout;
		}

		public Duration getSendTimeout() {
			return this.sendTimeout;
		}

		public void setSendTimeout(Duration sendTimeout) {
			this.sendTimeout = sendTimeout;
		}

		public boolean isRefuseEarlyDescriptors() {
			return this.refuseEarlyDescriptors;
		}

		public void setRefuseEarlyDescriptors(boolean refuseEarlyDescriptors) {
			this.refuseEarlyDescriptors = refuseEarlyDescriptors;
		}

		public Principals getAllow() {
			return this.allow;
		}

	}

	/**
	 * A socket that this application sends to.
	 */
	public static class Peer {

		/**
		 * Path of the socket file. A relative path is resolved against
		 * fdbroker.directory.
		 */
		private @Nullable String path;

		/**
		 * Type of the socket.
		 */
		private SocketType type = SocketType.STREAM;

		/**
		 * Whether the path may be an abstract name, which begins with "@". Such a name
		 * has no permissions, and any process in the network namespace can take it first.
		 */
		private boolean allowAbstractName;

		/**
		 * Format of the messages.
		 */
		private Format format = Format.FRAME;

		/**
		 * Time to wait for a peer that is not there yet.
		 */
		private Duration connectTimeout = Duration.ofSeconds(5);

		/**
		 * Time that a message may wait for a peer that takes nothing. Zero waits for
		 * ever.
		 */
		private Duration sendTimeout = Duration.ofSeconds(30);

		/**
		 * Time to wait for a reply, and for a free connection to send a request.
		 */
		private Duration replyTimeout = Duration.ofSeconds(30);

		/**
		 * Maximum number of requests at a time. Further ones wait.
		 */
		private int maxConnections = 16;

		/**
		 * Maximum number of messages that wait to be sent asynchronously. A message with
		 * several descriptors counts once for each. Further ones are refused.
		 */
		private int maxPendingSends = 1024;

		/**
		 * Maximum size of a reply, headers included, and of a frame of several messages
		 * that are sent together.
		 */
		private DataSize maxMessageSize = DataSize.ofKilobytes(64);

		/**
		 * Maximum number of descriptors of a reply, 253 at most.
		 */
		private int maxDescriptors = 16;

		private final Principals expect = new Principals();

		public @Nullable String getPath() {
			return this.path;
		}

		public void setPath(@Nullable String path) {
			this.path = path;
		}

		public SocketType getType() {
			return this.type;
		}

		public void setType(SocketType type) {
			this.type = type;
		}

		public boolean isAllowAbstractName() {
			return this.allowAbstractName;
		}

		public void setAllowAbstractName(boolean allowAbstractName) {
			this.allowAbstractName = allowAbstractName;
		}

		public Format getFormat() {
			return this.format;
		}

		public void setFormat(Format format) {
			this.format = format;
		}

		public Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public Duration getSendTimeout() {
			return this.sendTimeout;
		}

		public void setSendTimeout(Duration sendTimeout) {
			this.sendTimeout = sendTimeout;
		}

		public Duration getReplyTimeout() {
			return this.replyTimeout;
		}

		public void setReplyTimeout(Duration replyTimeout) {
			this.replyTimeout = replyTimeout;
		}

		public int getMaxConnections() {
			return this.maxConnections;
		}

		public void setMaxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
		}

		public int getMaxPendingSends() {
			return this.maxPendingSends;
		}

		public void setMaxPendingSends(int maxPendingSends) {
			this.maxPendingSends = maxPendingSends;
		}

		public DataSize getMaxMessageSize() {
			return this.maxMessageSize;
		}

		public void setMaxMessageSize(DataSize maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
		}

		public int getMaxDescriptors() {
			return this.maxDescriptors;
		}

		public void setMaxDescriptors(int maxDescriptors) {
			this.maxDescriptors = maxDescriptors;
		}

		public Principals getExpect() {
			return this.expect;
		}

	}

	/**
	 * A process that this application starts with a socket.
	 */
	public static class Child {

		/**
		 * Format of the messages.
		 */
		private Format format = Format.FRAME;

		/**
		 * Time that a message may wait for a child that takes nothing. Zero waits for
		 * ever.
		 */
		private Duration sendTimeout = Duration.ofSeconds(30);

		/**
		 * Time to wait for a reply.
		 */
		private Duration replyTimeout = Duration.ofSeconds(30);

		/**
		 * Time that the rest of a message may take once it has begun.
		 */
		private Duration messageTimeout = Duration.ofSeconds(10);

		/**
		 * Maximum size of a message that comes from a child, headers included.
		 */
		private DataSize maxMessageSize = DataSize.ofKilobytes(64);

		/**
		 * Maximum number of descriptors of a message that comes from a child, 253 at
		 * most.
		 */
		private int maxDescriptors = 16;

		/**
		 * Maximum number of messages that wait to be received or handled. Further ones
		 * wait in the socket, and replies behind them.
		 */
		private int maxPendingMessages = 16;

		public Format getFormat() {
			return this.format;
		}

		public void setFormat(Format format) {
			this.format = format;
		}

		public Duration getSendTimeout() {
			return this.sendTimeout;
		}

		public void setSendTimeout(Duration sendTimeout) {
			this.sendTimeout = sendTimeout;
		}

		public Duration getReplyTimeout() {
			return this.replyTimeout;
		}

		public void setReplyTimeout(Duration replyTimeout) {
			this.replyTimeout = replyTimeout;
		}

		public Duration getMessageTimeout() {
			return this.messageTimeout;
		}

		public void setMessageTimeout(Duration messageTimeout) {
			this.messageTimeout = messageTimeout;
		}

		public DataSize getMaxMessageSize() {
			return this.maxMessageSize;
		}

		public void setMaxMessageSize(DataSize maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
		}

		public int getMaxDescriptors() {
			return this.maxDescriptors;
		}

		public void setMaxDescriptors(int maxDescriptors) {
			this.maxDescriptors = maxDescriptors;
		}

		public int getMaxPendingMessages() {
			return this.maxPendingMessages;
		}

		public void setMaxPendingMessages(int maxPendingMessages) {
			this.maxPendingMessages = maxPendingMessages;
		}

	}

	/**
	 * Limits of the descriptors that arrived and that listener methods have not done
	 * with.
	 */
	public static class DescriptorQuota {

		/**
		 * Maximum number of descriptors of one connection that methods work on. Further
		 * messages wait.
		 */
		private int perConnection = 64;

		/**
		 * Maximum number of descriptors of one user that methods work on.
		 */
		private int perUser = 256;

		/**
		 * Maximum number of descriptors that methods work on. Never more than
		 * RLIMIT_NOFILE less 256.
		 */
		private int total = 1024;

		public int getPerConnection() {
			return this.perConnection;
		}

		public void setPerConnection(int perConnection) {
			this.perConnection = perConnection;
		}

		public int getPerUser() {
			return this.perUser;
		}

		public void setPerUser(int perUser) {
			this.perUser = perUser;
		}

		public int getTotal() {
			return this.total;
		}

		public void setTotal(int total) {
			this.total = total;
		}

	}

	/**
	 * What there is to do for an application that systemd starts.
	 */
	public static class Systemd {

		/**
		 * Whether to use what systemd passes to this process, and to notify it.
		 */
		private boolean enabled = true;

		/**
		 * Whether to name this process as the main one of its service. Useful where a
		 * script starts it and waits for it, and NotifyAccess= is "all".
		 */
		private boolean mainPid;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public boolean isMainPid() {
			return this.mainPid;
		}

		public void setMainPid(boolean mainPid) {
			this.mainPid = mainPid;
		}

	}

	/**
	 * The users and groups that a peer may belong to. Where none is named, it has to be
	 * the user of this process.
	 */
	public static class Principals {

		/**
		 * Numbers of users.
		 */
		private List<Long> uids = new ArrayList<>();

		/**
		 * Numbers of groups.
		 */
		private List<Long> gids = new ArrayList<>();

		/**
		 * Users, by name or number.
		 */
		private List<String> users = new ArrayList<>();

		/**
		 * Groups, by name or number.
		 */
		private List<String> groups = new ArrayList<>();

		boolean isEmpty() {
			return this.uids.isEmpty() && this.gids.isEmpty() && this.users.isEmpty() && this.groups.isEmpty();
		}

		public List<Long> getUids() {
			return this.uids;
		}

		public void setUids(List<Long> uids) {
			this.uids = uids;
		}

		public List<Long> getGids() {
			return this.gids;
		}

		public void setGids(List<Long> gids) {
			this.gids = gids;
		}

		public List<String> getUsers() {
			return this.users;
		}

		public void setUsers(List<String> users) {
			this.users = users;
		}

		public List<String> getGroups() {
			return this.groups;
		}

		public void setGroups(List<String> groups) {
			this.groups = groups;
		}

	}

}
