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
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import io.github.fdbroker.autoconfigure.FdBrokerProperties.Principals;
import io.github.fdbroker.broker.DestinationSettings;
import io.github.fdbroker.security.AllowListPeerAuthorizer;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.security.UserDatabase;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.wire.WireLimits;

/**
 * Converts the properties that sockets, peers and children have in common.
 */
final class CommonProperties {

	private static final int MAX_DESCRIPTORS = 253;

	private static final DataSize MIN_MESSAGE_SIZE = DataSize.ofBytes(64);

	private static final DataSize MAX_MESSAGE_SIZE = DataSize.ofMegabytes(16);

	private CommonProperties() {
	}

	static WireLimits limits(String prefix, DataSize messageSize, int descriptors, @Nullable Duration messageTimeout,
			@Nullable Duration idleTimeout) {
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

	static DestinationSettings checked(DestinationSettings settings) {
		PropertyChecks.notNegative(settings.property("send-timeout"), settings.sendTimeout());
		PropertyChecks.positive(settings.property("reply-timeout"), settings.replyTimeout());
		PropertyChecks.positive(settings.property("max-pending-sends"), settings.maxPendingSends());
		return settings;
	}

	/**
	 * Convert the path of a socket.
	 * @param directory the directory for relative paths, or {@code null} for the working
	 * directory
	 */
	static SocketPath path(String prefix, String name, String text, boolean abstractNameAllowed,
			@Nullable String directory) {
		Path path = PathText.toPath(prefix + ".path", text);
		if (SocketPath.isAbstract(path)) {
			checkAbstractName(prefix, path, abstractNameAllowed);
			return new SocketPath(name, path);
		}
		return new SocketPath(name, (directory != null && !path.isAbsolute())
				? PathText.toPath("fdbroker.directory", directory).resolve(path) : path);
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

	/**
	 * Find the inherited socket of a number.
	 */
	static InheritedDescriptor inherited(String property, int number) {
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
	 * Return an authorizer for the users and groups of a property.
	 * @param defaultUids the users that are allowed if the property is empty
	 */
	static PeerAuthorizer allowList(String prefix, Principals principals, List<Long> defaultUids) {
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

}
