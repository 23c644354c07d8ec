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

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.broker.PeerStatus.Failure;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.SingleConnection;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.MessageConnection;
import io.github.fdbroker.wire.Traffic;

/**
 * Connects to one peer, and checks that the expected process serves it before anything is
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

	private final Transport transport;

	/** The connection that this process inherited, once it is used. */
	private volatile @Nullable MessageConnection inherited;

	PeerConnector(PeerSettings settings, Transport transport, FdConverters converters) {
		this.settings = settings;
		this.sends = connector(settings, transport, false, settings.connectTimeout());
		this.requests = connector(settings, transport, true, settings.connectTimeout());
		this.probes = connector(settings, transport, false, Duration.ZERO);
		this.conversion = converters.from("peer '%s'".formatted(settings.name()));
		this.transport = transport;
	}

	/**
	 * Return the name of the peer.
	 */
	String peer() {
		return this.settings.name();
	}

	/**
	 * Stop waiting for the peer.
	 */
	void cancel() {
		this.sends.cancel();
		this.requests.cancel();
		MessageConnection used = this.inherited;
		if (used != null) {
			used.shutdown();
		}
	}

	private static FdConnector connector(PeerSettings settings, Transport transport, boolean replied,
			Duration timeout) {
		boolean addressed = replied && settings.type() == SocketType.DATAGRAM;
		return new FdConnector(settings.path(), transport, timeout,
				new MessageSocketSettings(settings.type(), addressed, settings.messages().sendTimeout()));
	}

	/**
	 * Connect to send messages that get no reply: datagrams are sent without an address
	 * of their own.
	 */
	MessageConnection connectToSend() {
		return connect(this.sends::connect);
	}

	/**
	 * Connect to send messages that the peer replies to.
	 */
	MessageConnection connect() {
		InheritedDescriptor descriptor = this.settings.inherited();
		if (descriptor == null) {
			return connect(this.requests::connect);
		}
		MessageConnection connection = connect(() -> takeOver(descriptor));
		this.inherited = connection;
		return connection;
	}

	/**
	 * Connect without waiting for the peer, and close the connection. An inherited
	 * connection is not probed.
	 */
	void probe() {
		if (this.settings.inherited() == null) {
			connect(this.probes::connect).close();
		}
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

	private MessageConnection connect(Supplier<FdConnection> connector) {
		try {
			MessageConnection connection = check(connector.get());
			this.lastFailure = null;
			return connection;
		}
		catch (FdException ex) {
			this.lastFailure = new Failure(String.valueOf(ex.getMessage()), Instant.now());
			throw ex;
		}
	}

	private FdConnection takeOver(InheritedDescriptor descriptor) {
		try {
			return new SingleConnection(this.settings.name(), descriptor.claim()).accept(this.transport,
					new MessageSocketSettings(this.settings.type(), false, this.settings.messages().sendTimeout()));
		}
		catch (IllegalStateException ex) {
			throw FdConnectException
				.nothingSent("The connection to peer '%s', which this process inherited as descriptor %d, %s"
					.formatted(this.settings.name(), descriptor.number(), "has ended, or a session uses it"), ex);
		}
		catch (IOException ex) {
			throw new FdConnectException("Peer '%s': descriptor %d cannot be used: %s".formatted(this.settings.name(),
					descriptor.number(), ex.getMessage()), ex);
		}
	}

	/**
	 * An abstract name for datagrams has no owner that could be checked.
	 */
	private MessageConnection check(FdConnection connection) {
		boolean ownerless = !this.settings.type().isConnected() && this.settings.path().isAbstract();
		if (!ownerless && !this.settings.expected().isAllowed(connection.peer(), this.settings.name())) {
			connection.close();
			throw new FdAccessDeniedException(
					"Peer %s is served by %s, which is not expected, see fdbroker.peers.%s.expect"
						.formatted(this.settings.path(), connection.peer(), this.settings.name()));
		}
		return new MessageConnection(connection, this.settings.messages().wireFormat(),
				this.settings.messages().limits(), DescriptorDemand.AWAITS_ANSWER, this.conversion);
	}

}
