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

package io.github.fdbroker.web.netty;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

import io.github.fdbroker.web.ListeningSocket;

/**
 * Event loops whose server channel is one of a given listening socket. Only the channels
 * of NIO can be made of one, so the loops are those of NIO too.
 */
final class AdoptingLoops implements LoopResources {

	private final LoopResources delegate;

	private final ListeningSocket socket;

	private final NettyConnector connector;

	AdoptingLoops(LoopResources delegate, ListeningSocket socket, NettyConnector connector) {
		this.delegate = delegate;
		this.socket = socket;
		this.connector = connector;
	}

	@Override
	public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
		if (!type.equals(ServerSocketChannel.class)) {
			return this.delegate.onChannel(type, group);
		}
		C channel = type.cast(new AdoptedChannel(this.socket.open(), this.connector));
		this.connector.serving(channel, !this.socket.isHeld());
		return channel;
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.delegate.onServer(false);
	}

	@Override
	public EventLoopGroup onServerSelect(boolean useNative) {
		return this.delegate.onServerSelect(false);
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.delegate.onClient(useNative);
	}

	@Override
	public boolean daemon() {
		return this.delegate.daemon();
	}

	@Override
	public void dispose() {
		this.delegate.dispose();
	}

	@Override
	public Mono<Void> disposeLater() {
		return this.delegate.disposeLater();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return this.delegate.disposeLater(quietPeriod, timeout);
	}

	/**
	 * A channel that is bound already.
	 */
	private static final class AdoptedChannel extends NioServerSocketChannel {

		private final NettyConnector connector;

		AdoptedChannel(java.nio.channels.ServerSocketChannel channel, NettyConnector connector) {
			super(channel);
			this.connector = connector;
		}

		/**
		 * Reactor Netty also calls this a second after accepting failed.
		 */
		@Override
		protected void doBeginRead() throws Exception {
			if (this.connector.isAccepting()) {
				super.doBeginRead();
			}
		}

		@Override
		protected int doReadMessages(List<Object> accepted) throws Exception {
			int count = super.doReadMessages(accepted);
			this.connector.accepted(Math.max(0, count));
			return count;
		}

		@Override
		protected void doBind(SocketAddress localAddress) {
			// Whoever made the socket has bound it.
		}

	}

}
