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
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Peer;
import io.github.fdbroker.broker.DestinationSettings;
import io.github.fdbroker.broker.PeerSettings;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.wire.Format;
import io.github.fdbroker.wire.WireLimits;

/**
 * Converts the properties of one peer to settings.
 *
 * @param name the name of the peer
 * @param peer its properties
 */
record PropertiesPeer(String name, Peer peer) {

	private static final long SUPERUSER = 0;

	private static final Peer DEFAULTS = new Binder().bindOrCreate("peer", Peer.class);

	/**
	 * Return the settings of a peer that is not configured.
	 */
	static PeerSettings unnamed(Path path) {
		return new PropertiesPeer(path.toString(), DEFAULTS).settings(new SocketPath(path.toString(), path), null);
	}

	/**
	 * Return the settings.
	 * @param directory the directory for relative paths, or {@code null} for the working
	 * directory
	 */
	PeerSettings settings(@Nullable String directory) {
		Integer number = this.peer.descriptor();
		if (number == null) {
			return settings(path(directory), null);
		}
		InheritedDescriptor inherited = CommonProperties.inherited(property("descriptor"), number);
		checkInherited(number, inherited.socket());
		return settings(new SocketPath(this.name, inherited.path()), inherited);
	}

	private PeerSettings settings(SocketPath path, @Nullable InheritedDescriptor inherited) {
		PropertyChecks.positive(property("max-connections"), this.peer.maxConnections());
		PropertyChecks.notNegative(property("connect-timeout"), this.peer.connectTimeout());
		checkExpected();
		checkAcknowledge();
		return new PeerSettings(path, this.peer.type(), messages(),
				CommonProperties.allowList(property("expect"), this.peer.expect(),
						List.of(Descriptors.self().uid(), SUPERUSER)),
				this.peer.connectTimeout(), (inherited != null) ? 1 : this.peer.maxConnections(),
				this.peer.acknowledge(), inherited);
	}

	private DestinationSettings messages() {
		WireLimits limits = CommonProperties.limits(prefix(), this.peer.maxMessageSize(), this.peer.maxDescriptors(),
				null, null);
		return CommonProperties
			.checked(new DestinationSettings(this.name, "peer '" + this.name + "'", this.peer.format(), limits,
					this.peer.sendTimeout(), this.peer.replyTimeout(), this.peer.maxPendingSends()));
	}

	private void checkInherited(int number, SocketKind kind) {
		SocketType type = this.peer.type();
		if (!kind.connected() || kind.type() != type || !type.isConnected()) {
			throw new InvalidConfigurationPropertyValueException(property("descriptor"), number,
					"it is %s, but a connected socket of type %s is required".formatted(kind,
							type.isConnected() ? type : "stream or seqpacket"));
		}
	}

	private SocketPath path(@Nullable String directory) {
		if (!StringUtils.hasText(this.peer.path())) {
			throw new InvalidConfigurationPropertyValueException(property("path"), this.peer.path(),
					"a peer needs the path of the socket that it listens on, or an inherited descriptor");
		}
		return CommonProperties.path(prefix(), this.name, this.peer.path(), this.peer.allowAbstractName(), directory);
	}

	private void checkExpected() {
		if (this.peer.type() == SocketType.DATAGRAM && this.peer.path() != null
				&& SocketPath.isAbstract(Path.of(this.peer.path())) && !this.peer.expect().isEmpty()) {
			throw new InvalidConfigurationPropertyValueException(property("expect"), "[...]",
					"it cannot be checked: an abstract name for datagrams has no owner, "
							+ "so use a path, or type 'stream' or 'seqpacket'");
		}
	}

	private void checkAcknowledge() {
		if (this.peer.acknowledge() && this.peer.format() != Format.FRAME) {
			throw new InvalidConfigurationPropertyValueException(property("acknowledge"), true,
					"Messages are acknowledged in the format 'frame' only; the format is '%s'."
						.formatted(this.peer.format().name().toLowerCase(Locale.ROOT)));
		}
	}

	private String prefix() {
		return "fdbroker.peers." + this.name;
	}

	private String property(String property) {
		return prefix() + "." + property;
	}

}
