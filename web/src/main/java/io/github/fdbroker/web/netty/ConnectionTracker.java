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

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Tells whether a connection waits for a response.
 */
final class ConnectionTracker extends ChannelDuplexHandler {

	private final NettyConnector connector;

	/** So is a connection that has not sent its first request yet. */
	private volatile boolean busy = true;

	ConnectionTracker(NettyConnector connector) {
		this.connector = connector;
	}

	boolean isBusy() {
		return this.busy;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.connector.opened(this);
		context.channel().closeFuture().addListener((closed) -> this.connector.closed(this));
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof HttpRequest) {
			this.busy = true;
		}
		context.fireChannelRead(message);
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
