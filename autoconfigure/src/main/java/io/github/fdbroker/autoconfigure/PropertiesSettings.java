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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Child;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Peer;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Principals;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Socket;
import io.github.fdbroker.broker.DestinationSettings;
import io.github.fdbroker.broker.PeerSettings;
import io.github.fdbroker.child.ChildSettings;
import io.github.fdbroker.listener.SocketSettings;
import io.github.fdbroker.security.AllowListPeerAuthorizer;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.security.UserDatabase;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;
import io.github.fdbroker.socket.SocketFileSettings;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.systemd.ActivatedDescriptor;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireLimits;

/**
 * Converts properties to settings, and rejects invalid values.
 *
 * @param properties the properties
 * @param authorizer decides which peers may connect to any socket, or {@code null} to use
 * the properties
 * @param activated the descriptors that the service manager passed, or {@code null} if
 * they are not used
 */
record PropertiesSettings(FdBrokerProperties properties, @Nullable PeerAuthorizer authorizer,
		@Nullable ActivatedDescriptors activated) {

	private static final int MAX_DESCRIPTORS = 253;

	private static final DataSize MIN_MESSAGE_SIZE = DataSize.ofBytes(64);

	private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofMegabytes(16);

	private static final long SUPERUSER = 0;

	private static final Peer UNNAMED_PEER = new Binder().bindOrCreate("peer", Peer.class);

	/** The settings of children whose name is not configured. */
	private static final Child UNNAMED = new Binder().bindOrCreate("child", Child.class);

	Map<String, SocketSettings> sockets() {
		Map<String, SocketSettings> sockets = new LinkedHashMap<>();
		this.properties.sockets().forEach((name, socket) -> sockets.put(name, socket(name, socket)));
		return sockets;
	}

	Map<String, PeerSettings> peers() {
		Map<String, PeerSettings> peers = new LinkedHashMap<>();
		this.properties.peers().forEach((name, peer) -> peers.put(name, peer(name, peer)));
		return peers;
	}

	/**
	 * Return the settings of a peer that is not configured.
	 */
	PeerSettings peer(Path path) {
		return peer(path.toString(), UNNAMED_PEER, new SocketPath(path.toString(), path), null);
	}

	/**
	 * Return the function that gives the settings of children of a name, configured or
	 * not.
	 */
	Function<String, ChildSettings> children() {
		Map<String, ChildSettings> children = new ConcurrentHashMap<>();
		this.properties.children().forEach((name, child) -> children.put(name, child(name, name, child)));
		return (name) -> children.computeIfAbsent(name, (unknown) -> child(ChildSettings.OTHER, unknown, UNNAMED));
	}

	/**
	 * Return the function that gives the settings of listeners of children.
	 */
	Function<String, SocketSettings> childListeners() {
		return children().andThen((child) -> SocketSettings.child(child.name(), child.messages().format(),
				child.messages().limits(), child.maxPending()));
	}

	private static ChildSettings child(String group, String name, Child child) {
		String prefix = "fdbroker.children." + name;
		WireLimits limits = limits(prefix, child.maxMessageSize(), child.maxDescriptors(),
				positive(prefix + ".message-timeout", child.messageTimeout()), null);
		return new ChildSettings(group,
				messages(name, "child '" + name + "'", child.format(), limits, child.sendTimeout(),
						child.replyTimeout(), child.maxPendingSends()),
				positive(prefix + ".max-pending-messages", child.maxPendingMessages()));
	}

	private static DestinationSettings messages(String name, String label, Format format, WireLimits limits,
			Duration sendTimeout, Duration replyTimeout, int maxPendingSends) {
		DestinationSettings settings = new DestinationSettings(name, label, format, limits, sendTimeout, replyTimeout,
				maxPendingSends);
		notNegative(settings.property("send-timeout"), sendTimeout);
		positive(settings.property("reply-timeout"), replyTimeout);
		positive(settings.property("max-pending-sends"), maxPendingSends);
		return settings;
	}

	private SocketSettings socket(String name, Socket socket) {
		String prefix = "fdbroker.sockets." + name;
		positive(prefix + ".backlog", socket.backlog());
		positive(prefix + ".max-connections", socket.maxConnections());
		positive(prefix + ".max-connections-per-user", socket.maxConnectionsPerUser());
		positive(prefix + ".max-pending-replies", socket.maxPendingReplies());
		notNegative(prefix + ".send-timeout", socket.sendTimeout());
		WireLimits limits = limits(prefix, socket.maxMessageSize(), socket.maxDescriptors(),
				positive(prefix + ".message-timeout", socket.messageTimeout()),
				optional(prefix + ".idle-timeout", socket.idleTimeout()));
		Long gid = (socket.group() != null) ? new UserDatabase().gid(prefix + ".group", socket.group()) : null;
		List<InheritedDescriptor> inherited = inherited(prefix, name, socket.descriptor());
		SocketPath path = inherited.isEmpty() ? socketPath(prefix, name, socket)
				: new SocketPath(name, inherited.get(0).path());
		checkDatagram(prefix, socket);
		return new SocketSettings(path, socket.type(), inherited,
				new SocketFileSettings(socket.mode().permissions(), gid, socket.createDirectory()), socket.format(),
				limits,
				(this.authorizer != null) ? this.authorizer
						: allowList(prefix + ".allow", socket.allow(), List.of(ownUid())),
				socket.credentials(), socket.backlog(), socket.maxConnections(), socket.maxConnectionsPerUser(),
				socket.maxPendingReplies(), optional(prefix + ".listener-timeout", socket.listenerTimeout()),
				socket.sendTimeout(), refuseEarlyDescriptors(prefix, socket.refuseEarlyDescriptors()),
				socket.autoStartup());
	}

	private PeerSettings peer(String name, Peer peer) {
		String prefix = "fdbroker.peers." + name;
		if (peer.descriptor() == null) {
			return peer(name, peer, peerPath(prefix, name, peer), null);
		}
		InheritedDescriptor inherited = inherited(prefix + ".descriptor", peer.descriptor());
		SocketKind kind = inherited.socket();
		if (!kind.connected() || kind.type() != peer.type() || !peer.type().isConnected()) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".descriptor", peer.descriptor(),
					"it is %s, but a connected socket of type %s is required".formatted(kind,
							peer.type().isConnected() ? peer.type() : "stream or seqpacket"));
		}
		return peer(name, peer, new SocketPath(name, inherited.path()), inherited);
	}

	private PeerSettings peer(String name, Peer peer, SocketPath path, @Nullable InheritedDescriptor inherited) {
		String prefix = "fdbroker.peers." + name;
		positive(prefix + ".max-connections", peer.maxConnections());
		notNegative(prefix + ".connect-timeout", peer.connectTimeout());
		WireLimits limits = limits(prefix, peer.maxMessageSize(), peer.maxDescriptors(), null, null);
		checkExpected(prefix, peer);
		DestinationSettings messages = messages(name, "peer '" + name + "'", peer.format(), limits, peer.sendTimeout(),
				peer.replyTimeout(), peer.maxPendingSends());
		return new PeerSettings(path, peer.type(), messages,
				allowList(prefix + ".expect", peer.expect(), List.of(ownUid(), SUPERUSER)), peer.connectTimeout(),
				(inherited != null) ? 1 : peer.maxConnections(), acknowledge(prefix, peer), inherited);
	}

	private static boolean acknowledge(String prefix, FdBrokerProperties.Peer peer) {
		if (peer.acknowledge() && peer.format() != Format.FRAME) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".acknowledge", true,
					"Messages are acknowledged in the format 'frame' only; the format is '%s'."
						.formatted(peer.format().name().toLowerCase(Locale.ROOT)));
		}
		return peer.acknowledge();
	}

	private List<InheritedDescriptor> inherited(String prefix, String name, @Nullable Integer number) {
		if (number != null) {
			return List.of(inherited(prefix + ".descriptor", number));
		}
		return (this.activated != null)
				? this.activated.named(name).stream().map(ActivatedDescriptor::descriptor).toList() : List.of();
	}

	private static InheritedDescriptor inherited(String property, int number) {
		try {
			InheritedDescriptor inherited = InheritedDescriptor.of(number);
			inherited.socket();
			return inherited;
		}
		catch (InheritedDescriptorException ex) {
			throw new InvalidConfigurationPropertyValueException(property, number,
					ex.getMessage() + "; it has to be a socket that the process is started with, as by inetd");
		}
	}

	/**
	 * One thread serves all senders of datagrams, so no sender may block it without a
	 * limit.
	 */
	private static void checkDatagram(String prefix, Socket socket) {
		if (socket.type() == SocketType.DATAGRAM) {
			positive(prefix + ".send-timeout", socket.sendTimeout());
		}
	}

	private static void checkExpected(String prefix, Peer peer) {
		if (peer.type() == SocketType.DATAGRAM && peer.path() != null && SocketPath.isAbstract(Path.of(peer.path()))
				&& !peer.expect().isEmpty()) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".expect", "[...]",
					"it cannot be checked: an abstract name for datagrams has no owner, "
							+ "so use a path, or type 'stream' or 'seqpacket'");
		}
	}

	private static void checkAbstractName(String prefix, Path path, boolean allowed) {
		if (!allowed) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".path", path,
					"it is an abstract name: it has no permissions, and any process in the network namespace, "
							+ "also that of a container on the host's network, can take it first or connect to it; "
							+ "use a path (./" + path + " is the file of that name), or set " + prefix
							+ ".allow-abstract-name=true");
		}
	}

	private SocketPath socketPath(String prefix, String name, Socket socket) {
		if (!StringUtils.hasText(socket.path())) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".path", socket.path(),
					"a socket needs a path, unless it is passed to the process under its name, or as a descriptor");
		}
		return path(prefix, name, socket.path(), socket.allowAbstractName());
	}

	private SocketPath peerPath(String prefix, String name, Peer peer) {
		if (!StringUtils.hasText(peer.path())) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".path", peer.path(),
					"a peer needs the path of the socket that it listens on, or an inherited descriptor");
		}
		return path(prefix, name, peer.path(), peer.allowAbstractName());
	}

	private SocketPath path(String prefix, String name, String text, boolean abstractNameAllowed) {
		Path path = PathText.toPath(prefix + ".path", text);
		if (SocketPath.isAbstract(path)) {
			checkAbstractName(prefix, path, abstractNameAllowed);
			return new SocketPath(name, path);
		}
		String directory = path.isAbsolute() ? null : this.properties.directory();
		return new SocketPath(name,
				(directory != null) ? PathText.toPath("fdbroker.directory", directory).resolve(path) : path);
	}

	private static @Nullable Duration optional(String property, @Nullable Duration timeout) {
		return (timeout != null) ? positive(property, timeout) : null;
	}

	private static WireLimits limits(String prefix, DataSize messageSize, int descriptors,
			@Nullable Duration messageTimeout, @Nullable Duration idleTimeout) {
		if (messageSize.compareTo(MIN_MESSAGE_SIZE) < 0 || messageSize.compareTo(MAX_MESSAGE_SIZE) > 0) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".max-message-size", messageSize,
					"it must be from 64 bytes to 16 MB");
		}
		if (descriptors < 0 || descriptors > MAX_DESCRIPTORS) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".max-descriptors", descriptors,
					"it must be from 0 to " + MAX_DESCRIPTORS + ", the most that the system passes in one message");
		}
		return new WireLimits(prefix, (int) messageSize.toBytes(), descriptors, messageTimeout, idleTimeout);
	}

	private static PeerAuthorizer allowList(String prefix, Principals principals, List<Long> defaultUids) {
		UserDatabase users = new UserDatabase();
		Set<Long> uids = new HashSet<>(principals.uids());
		principals.users().forEach((user) -> uids.add(users.uid(prefix + ".users", user)));
		Set<Long> gids = new HashSet<>(principals.gids());
		principals.groups().forEach((group) -> gids.add(users.gid(prefix + ".groups", group)));
		if (uids.isEmpty() && gids.isEmpty()) {
			uids.addAll(defaultUids);
		}
		return new AllowListPeerAuthorizer(uids, gids);
	}

	private static boolean refuseEarlyDescriptors(String prefix, boolean refuse) {
		if (refuse && !Kernel.calls().canRefuseDescriptors()) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".refuse-early-descriptors", true,
					"it takes Linux 6.16 or newer, and the transport 'native'");
		}
		return refuse;
	}

	private static long ownUid() {
		return Descriptors.self().uid();
	}

	static int positive(String name, int value) {
		if (value < 1) {
			throw new InvalidConfigurationPropertyValueException(name, value, "it must be at least 1");
		}
		return value;
	}

	private static void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "it must not be negative");
		}
	}

	private static Duration positive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "it must be longer than nothing");
		}
		return value;
	}

}
