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

package io.github.fdbroker.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.listener.ConnectionStatus;
import io.github.fdbroker.listener.ContainerCounters;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.listener.SocketSettings;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.wire.Traffic;

/**
 * A socket that this application listens on.
 *
 * @param path the path of the socket
 * @param open whether connections or datagrams are accepted
 * @param listeners the methods that receive the messages
 * @param type the type of the socket
 * @param format the format of the messages
 * @param transport the transport for bytes and descriptors
 * @param owner the user that owns the file, {@code null} if there is no file
 * @param group the group of the file, {@code null} if there is no file
 * @param mode the permissions of the file, {@code null} if there is no file
 * @param limits the limits of the socket, by the name of their property
 * @param received what was received since the application started
 * @param sent what was sent since the application started
 * @param refusals how many connections and messages were refused, by reason
 * @param connections the connections that are served
 */
public record SocketDescriptor(String path, boolean open, String listeners, String type, String format,
		String transport, @Nullable String owner, @Nullable String group, @Nullable String mode,
		Map<String, Object> limits, TrafficDescriptor received, TrafficDescriptor sent, Map<String, Long> refusals,
		List<ConnectionDescriptor> connections) {

	static SocketDescriptor of(FdListenerContainer container, Transport transport) {
		SocketSettings settings = container.settings();
		ContainerCounters counters = container.counters();
		PosixFileAttributes file = attributes(settings);
		return new SocketDescriptor(settings.path().path().toString(), container.isRunning(), container.listeners(),
				lowerCase(settings.type()), lowerCase(settings.format()), transport.name(),
				(file != null) ? file.owner().getName() : null, (file != null) ? file.group().getName() : null,
				(file != null) ? PosixFilePermissions.toString(file.permissions()) : null, limits(settings),
				TrafficDescriptor.received(counters.traffic()), TrafficDescriptor.sent(counters.traffic()),
				refusals(counters), container.connectionStatuses().stream().map(ConnectionDescriptor::of).toList());
	}

	private static Map<String, Object> limits(SocketSettings settings) {
		Map<String, Object> limits = new LinkedHashMap<>();
		limits.put("max-message-size", settings.limits().messageBytes());
		limits.put("max-descriptors", settings.limits().descriptors());
		limits.put("max-connections", settings.maxConnections());
		limits.put("max-connections-per-user", settings.maxConnectionsPerUser());
		limits.put("max-pending-replies", settings.maxPending());
		limits.put("send-timeout", settings.sendTimeout());
		putIfSet(limits, "message-timeout", settings.limits().messageTimeout());
		putIfSet(limits, "idle-timeout", settings.limits().idleTimeout());
		putIfSet(limits, "listener-timeout", settings.listenerTimeout());
		return limits;
	}

	private static void putIfSet(Map<String, Object> limits, String name, @Nullable Duration limit) {
		if (limit != null) {
			limits.put(name, limit);
		}
	}

	private static Map<String, Long> refusals(ContainerCounters counters) {
		Map<String, Long> refusals = new LinkedHashMap<>();
		for (RejectionReason reason : RejectionReason.values()) {
			refusals.put(reason.label(), counters.refusals(reason));
		}
		return refusals;
	}

	private static @Nullable PosixFileAttributes attributes(SocketSettings settings) {
		Path path = settings.path().path();
		try {
			return settings.path().isAbstract() ? null
					: Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static String lowerCase(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * What was received or sent.
	 *
	 * @param messages how many messages
	 * @param descriptors how many descriptors
	 */
	public record TrafficDescriptor(long messages, long descriptors) {

		static TrafficDescriptor received(Traffic traffic) {
			return new TrafficDescriptor(traffic.messagesReceived(), traffic.descriptorsReceived());
		}

		static TrafficDescriptor sent(Traffic traffic) {
			return new TrafficDescriptor(traffic.messagesSent(), traffic.descriptorsSent());
		}

	}

	/**
	 * A connection that is served.
	 *
	 * @param id the number of the connection, for closing it
	 * @param pid the process that connected
	 * @param uid its user
	 * @param gid its group
	 * @param age how long the connection is open
	 * @param messages how many messages were received
	 * @param heldDescriptors how many of its received descriptors are open
	 */
	public record ConnectionDescriptor(long id, long pid, long uid, long gid, Duration age, long messages,
			int heldDescriptors) {

		static ConnectionDescriptor of(ConnectionStatus status) {
			return new ConnectionDescriptor(status.id(), status.peer().pid(), status.peer().uid(), status.peer().gid(),
					Duration.between(status.since(), Instant.now()), status.messages(), status.heldDescriptors());
		}

	}

}
