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
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2SettingsFrame;

/**
 * Tells whether a connection waits for a response, and ends it. In the pipeline it is
 * nearer to the application than the codec, so that it sees which responses are the last.
 */
final class ConnectionTracker extends ChannelDuplexHandler {

	private final NettyConnector connector;

	private final Http2Streams streams;

	/** So is a connection that has not sent its first request yet. */
	private volatile boolean busy = true;

	ConnectionTracker(Channel channel, NettyConnector connector) {
		this.connector = connector;
		this.streams = new Http2Streams(channel);
	}

	boolean isBusy() {
		return this.streams.arePossible() ? this.streams.areOpen() : this.busy;
	}

	/**
	 * A connection of HTTP/2 gets GOAWAY; one of HTTP/1 ends with its next response.
	 */
	void end() {
		this.streams.end();
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		endIfEnding();
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest) {
			this.busy = true;
		}
		if (message instanceof Http2SettingsFrame) {
			endIfEnding();
		}
		this.streams.received(message);
		context.fireChannelRead(message);
	}

	private void endIfEnding() {
		if (this.connector.isEnding()) {
			end();
		}
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (isInterim(message)) {
			context.write(message, promise);
			return;
		}
		if (message instanceof HttpResponse response && this.connector.isEnding()) {
			HttpUtil.setKeepAlive(response, false);
		}
		if (message instanceof LastHttpContent) {
			context.write(message, promise.unvoid().addListener((written) -> this.busy = false));
		}
		else {
			context.write(message, promise);
		}
	}

	/**
	 * Such as 100 (Continue), which another response follows.
	 */
	private static boolean isInterim(Object message) {
		return message instanceof HttpResponse response
				&& response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
	}

}
