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

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;

/**
 * Adds what tracks a connection to its pipeline. With TLS, the handshake decides between
 * HTTP/1.1 and HTTP/2, and only then it is known where.
 */
final class TrackingInitializer extends ChannelInboundHandlerAdapter {

	private static final String NAME = "fdbroker.tracker";

	private final ConnectionTracker tracker;

	private TrackingInitializer(ConnectionTracker tracker) {
		this.tracker = tracker;
	}

	/**
	 * A channel was accepted.
	 */
	static void track(Channel channel, NettyConnector connector) {
		ConnectionTracker tracker = new ConnectionTracker(channel, connector);
		connector.opened(tracker);
		channel.closeFuture().addListener((closed) -> connector.closed(tracker));
		connector.registered();
		ChannelPipeline pipeline = channel.pipeline();
		if (pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
			pipeline.addAfter(NettyPipeline.H2OrHttp11Codec, NAME, new TrackingInitializer(tracker));
		}
		else {
			add(tracker, pipeline);
		}
	}

	private static void add(ConnectionTracker tracker, ChannelPipeline pipeline) {
		if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
			pipeline.addAfter(NettyPipeline.HttpTrafficHandler, NAME, tracker);
		}
		else if (pipeline.get(NettyPipeline.H2MultiplexHandler) != null) {
			pipeline.addBefore(NettyPipeline.H2MultiplexHandler, NAME, tracker);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		context.fireUserEventTriggered(event);
		if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
			context.pipeline().remove(this);
			add(this.tracker, context.pipeline());
		}
	}

}
