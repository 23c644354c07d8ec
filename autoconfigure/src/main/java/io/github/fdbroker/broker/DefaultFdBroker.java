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
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.util.Assert;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.convert.OutgoingMessage;
import io.github.fdbroker.socket.Transport;

/**
 * Sends to the peers of the configuration.
 */
public final class DefaultFdBroker implements FdBroker, DisposableBean {

	private final Map<String, Peer> peers;

	private final MessageComposer composer;

	private final FdConverters converters;

	/**
	 * Create a broker.
	 * @param peers the settings of all peers, by name
	 * @param transport how to move bytes and descriptors
	 * @param converters what descriptors become
	 * @param composer what makes messages ready to be sent
	 */
	public DefaultFdBroker(Map<String, PeerSettings> peers, Transport transport, FdConverters converters,
			MessageComposer composer) {
		this.peers = peers.values()
			.stream()
			.map((settings) -> new Peer(settings, new PeerConnector(settings, transport, converters)))
			.collect(Collectors.toMap((peer) -> peer.settings().name(), Function.identity()));
		this.composer = composer;
		this.converters = converters;
	}

	@Override
	public void send(String peer, FdMessage message) {
		Peer target = peer(peer);
		try (OutgoingMessage outgoing = this.composer.compose(message)) {
			target.send(outgoing.message(), outgoing.descriptors());
		}
	}

	@Override
	public CompletionStage<Void> sendAsync(String peer, FdMessage message) {
		Peer target = peer(peer);
		try {
			return target.sendAsync(this.composer.compose(message));
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	@Override
	public FdMessage request(String peer, FdMessage message) {
		return request(peer, message, peer(peer).settings().replyTimeout());
	}

	@Override
	public FdMessage request(String peer, FdMessage message, Duration timeout) {
		Peer target = peer(peer);
		try (OutgoingMessage outgoing = this.composer.compose(message)) {
			return target.request(outgoing.message(), outgoing.descriptors(), timeout);
		}
	}

	@Override
	public void handOver(String peer, Object... sources) {
		FdMessage.Builder message = FdMessage.builder();
		for (Object source : sources) {
			message.descriptor(source);
		}
		handOver(peer, message.build());
	}

	@Override
	public MessageSpec to(String peer) {
		peer(peer);
		return new Spec(peer);
	}

	@Override
	public void destroy() {
		this.peers.values().forEach(Peer::close);
	}

	private void handOver(String peer, FdMessage message) {
		message.attachments().stream().map(Attachment::source).forEach(FdSources::checkGivable);
		send(peer, message);
		FdSources.giveUp(message.attachments());
	}

	private <T> T take(FdMessage answer, Class<T> type) {
		try (answer) {
			return this.converters.supports(type) ? answer.descriptor(0).as(type) : this.composer.payload(answer, type);
		}
	}

	private Peer peer(String name) {
		Peer peer = this.peers.get(name);
		if (peer == null) {
			throw new FdException("No peer '%s' is configured under fdbroker.peers; there are: %s".formatted(name,
					new TreeSet<>(this.peers.keySet())));
		}
		return peer;
	}

	/**
	 * A message in the making.
	 */
	private final class Spec implements MessageSpec {

		private final String peer;

		private final FdMessage.Builder message = FdMessage.builder();

		private @Nullable Duration timeout;

		Spec(String peer) {
			this.peer = peer;
		}

		@Override
		public MessageSpec payload(Object payload) {
			this.message.payload(payload);
			return this;
		}

		@Override
		public MessageSpec header(String name, Object value) {
			this.message.header(name, value);
			return this;
		}

		@Override
		public MessageSpec descriptor(Object source) {
			this.message.descriptor(source);
			return this;
		}

		@Override
		public MessageSpec descriptor(String name, Object source) {
			this.message.descriptor(name, source);
			return this;
		}

		@Override
		public MessageSpec timeout(Duration timeout) {
			Assert.notNull(timeout, "'timeout' must not be null");
			this.timeout = timeout;
			return this;
		}

		@Override
		public void send() {
			DefaultFdBroker.this.send(this.peer, this.message.build());
		}

		@Override
		public CompletionStage<Void> sendAsync() {
			return DefaultFdBroker.this.sendAsync(this.peer, this.message.build());
		}

		@Override
		public FdMessage request() {
			Duration wait = (this.timeout != null) ? this.timeout : peer(this.peer).settings().replyTimeout();
			return DefaultFdBroker.this.request(this.peer, this.message.build(), wait);
		}

		@Override
		public <T> T request(Class<T> type) {
			FdMessage answer = request();
			return (type == FdMessage.class) ? type.cast(answer) : take(answer, type);
		}

		@Override
		public void handOver() {
			DefaultFdBroker.this.handOver(this.peer, this.message.build());
		}

	}

}
