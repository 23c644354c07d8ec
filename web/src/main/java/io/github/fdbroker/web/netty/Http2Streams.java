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
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2PingFrame;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection of HTTP/2. It is ended as RFC 9113 (6.8) describes: with a
 * GOAWAY that refuses no request, and, when the client has answered a PING and so has
 * seen it, with one that refuses further requests.
 */
final class Http2Streams {

	private static final long PING = 0x6664_6272_6f6b_6572L;

	private static final long UNTIL_STREAMS_END = -1;

	private final Channel channel;

	private boolean ending;

	Http2Streams(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Whether the connection is one of HTTP/2.
	 */
	boolean arePossible() {
		return codec() != null;
	}

	/**
	 * Whether a request waits for its response, or none was sent yet.
	 */
	boolean areOpen() {
		ChannelHandlerContext codec = codec();
		if (codec == null) {
			return false;
		}
		Http2Connection connection = ((Http2FrameCodec) codec.handler()).connection();
		return connection.numActiveStreams() > 0 || connection.remote().lastStreamCreated() <= 0;
	}

	void end() {
		// The event loop of a closed channel may have ended.
		if (this.channel.isActive()) {
			this.channel.eventLoop().execute(this::announceEnd);
		}
	}

	private void announceEnd() {
		ChannelHandlerContext codec = codec();
		if (codec != null && !this.ending) {
			this.ending = true;
			((Http2FrameCodec) codec.handler()).gracefulShutdownTimeoutMillis(UNTIL_STREAMS_END);
			this.channel.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
			this.channel.writeAndFlush(new DefaultHttp2PingFrame(PING));
		}
	}

	/**
	 * Close the connection with its last response, once the client has answered.
	 */
	void received(Object message) {
		if (this.ending && message instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING) {
			this.channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
			this.channel.close();
		}
	}

	private @Nullable ChannelHandlerContext codec() {
		return this.channel.pipeline().context(Http2FrameCodec.class);
	}

}
