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

package io.github.fdbroker.broker;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.broker.PeerStatus.Failure;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.MessageConnection;

/**
 * Connects to one peer, and makes sure that it is who it has to be before anything is
 * sent.
 */
final class PeerConnector {

	private final PeerSettings settings;

	private final FdConnector sends;

	private final FdConnector requests;

	private final FdConnector probes;

	private final Traffic traffic = new Traffic();

	private volatile @Nullable Failure lastFailure;

	private final DescriptorConversion conversion;

	PeerConnector(PeerSettings settings, Transport transport, FdConverters converters) {
		this.settings = settings;
		this.sends = connector(settings, transport, false, settings.connectTimeout());
		this.requests = connector(settings, transport, true, settings.connectTimeout());
		this.probes = connector(settings, transport, false, Duration.ZERO);
		this.conversion = converters.from("peer '%s'".formatted(settings.name()));
	}

	/**
	 * Return the name of the peer.
	 */
	String peer() {
		return this.settings.name();
	}

	/**
	 * Wait for the peer no longer.
	 */
	void cancel() {
		this.sends.cancel();
		this.requests.cancel();
	}

	private static FdConnector connector(PeerSettings settings, Transport transport, boolean answered,
			Duration timeout) {
		boolean addressed = answered && settings.type() == SocketType.DATAGRAM;
		return new FdConnector(settings.path(), transport, timeout,
				new MessageSocketSettings(settings.type(), addressed, settings.sendTimeout()));
	}

	/**
	 * Connect to send what nobody replies: a datagram goes out without an address of its
	 * own.
	 */
	MessageConnection connectToSend() {
		return connect(this.sends);
	}

	/**
	 * Connect to send what the peer replies.
	 */
	MessageConnection connect() {
		return connect(this.requests);
	}

	/**
	 * Connect without waiting for the peer, and close the connection.
	 */
	void probe() {
		connect(this.probes).close();
	}

	Traffic traffic() {
		return this.traffic;
	}

	/**
	 * Return why the latest attempt to connect failed, if it did.
	 */
	@Nullable Failure lastFailure() {
		return this.lastFailure;
	}

	private MessageConnection connect(FdConnector connector) {
		try {
			MessageConnection connection = check(connector.connect());
			this.lastFailure = null;
			return connection;
		}
		catch (FdException ex) {
			this.lastFailure = new Failure(String.valueOf(ex.getMessage()), Instant.now());
			throw ex;
		}
	}

	/**
	 * An abstract name has no owner that could be checked before something is sent.
	 */
	private MessageConnection check(FdConnection connection) {
		boolean ownerless = !this.settings.type().isConnected() && this.settings.path().isAbstract();
		if (!ownerless && !this.settings.expected().isAllowed(connection.peer(), this.settings.name())) {
			connection.close();
			throw new FdAccessDeniedException(
					"Peer %s is served by %s, which is not expected, see fdbroker.peers.%s.expect"
						.formatted(this.settings.path(), connection.peer(), this.settings.name()));
		}
		return new MessageConnection(connection, this.settings.format().wireFormat(), this.settings.limits(),
				DescriptorDemand.AWAITS_ANSWER, this.conversion);
	}

}
