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

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.Received;
import io.github.fdbroker.socket.ReplyAddress;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.wire.DatagramReplyChannel;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.PacketDecoding;
import io.github.fdbroker.wire.WireFormat;

/**
 * Authorizes the senders of datagrams, and passes their messages to the listener. For the
 * thread that receives.
 */
final class DatagramDelivery {

	/** The credentials of an unknown sender. */
	private static final PeerCredentials NOBODY = new PeerCredentials(0, 65534, 65534, List.of());

	private final ListenerContext context;

	private final SocketSettings settings;

	private final ContainerServices services;

	private final InFlight inFlight;

	private final FdDatagramSocket socket;

	/** The leases of the senders' users. They are kept, because there are few users. */
	private final Map<Long, DescriptorLease> held = new HashMap<>();

	DatagramDelivery(ListenerContext context, FdDatagramSocket socket, InFlight inFlight) {
		this.context = context;
		this.settings = context.settings();
		this.services = context.services();
		this.socket = socket;
		this.inFlight = inFlight;
	}

	/**
	 * Deliver one datagram. If it is refused, that is counted and logged.
	 * @param bytes its bytes
	 * @param incoming the read, which this object owns
	 */
	void deliver(ByteBuffer bytes, Received incoming) {
		FdSender sender = new FdSender(incoming.sender(), address(incoming));
		try {
			deliver(bytes, incoming, sender, credentials(sender));
		}
		catch (FdException ex) {
			refused(ex, sender);
		}
	}

	/**
	 * Count and log a message that was refused.
	 */
	void refused(FdException failure, FdSender sender) {
		this.context.refusals()
			.refused(failure, sender.credentials(), "Socket %s refuses a message from %s: %s"
				.formatted(this.settings.path(), sender, failure.getMessage()));
	}

	/**
	 * From here on, the lease closes the descriptors of refused messages on another
	 * thread.
	 */
	private void deliver(ByteBuffer bytes, Received incoming, FdSender sender, PeerCredentials credentials) {
		DescriptorLease lease = this.held.computeIfAbsent(credentials.uid(),
				(uid) -> DescriptorLease.user(this.services, uid, this.settings.path().toString()));
		incoming.convertibleBy(lease);
		admit(incoming, sender);
		WireFormat format = this.settings.format().wireFormat();
		List<Envelope> envelopes = PacketDecoding.decode(format, this.settings.limits(), bytes, incoming,
				this.context.adapter().demand());
		deliver(envelopes, sender,
				new DatagramReplyChannel(this.socket, format, new ReplyAddress(incoming.from(), credentials.uid())),
				lease);
	}

	private void deliver(List<Envelope> envelopes, FdSender sender, DatagramReplyChannel replies,
			DescriptorLease lease) {
		int delivered = 0;
		try {
			for (Envelope envelope : envelopes) {
				delivered++;
				this.inFlight.deliverNow(envelope, sender, replies, lease::execute);
			}
		}
		finally {
			envelopes.subList(delivered, envelopes.size()).forEach((envelope) -> envelope.message().close());
		}
	}

	private static @Nullable String address(Received incoming) {
		UnixAddress from = incoming.from();
		return (from != null) ? from.toString() : null;
	}

	/**
	 * If the transport does not report senders, the permissions of the socket's file are
	 * the only access control.
	 */
	private PeerCredentials credentials(FdSender sender) {
		PeerCredentials credentials = sender.credentials();
		return (credentials != null) ? credentials
				: this.services.transport().passesCredentials() ? NOBODY : Descriptors.self();
	}

	private void admit(Received incoming, FdSender sender) {
		PeerCredentials credentials = sender.credentials();
		if (this.services.transport().passesCredentials()
				&& (credentials == null || !this.context.isAllowed(credentials))) {
			incoming.close();
			throw new FdAccessDeniedException(
					"it is not allowed to send, see fdbroker.sockets.%s.allow".formatted(this.settings.name()));
		}
	}

}
