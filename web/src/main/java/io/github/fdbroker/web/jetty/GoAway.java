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

package io.github.fdbroker.web.jetty;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Ends connections of HTTP/2 by GOAWAY: with their next request, so that it never comes
 * before the first frame of the server.
 */
final class GoAway implements HttpConfiguration.Customizer {

	private volatile boolean ending;

	/**
	 * Whether connections end.
	 */
	void setEnding(boolean ending) {
		this.ending = ending;
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		if (this.ending) {
			send(request.getConnectionMetaData().getConnection());
		}
		return request;
	}

	/**
	 * End a connection that has sent a request.
	 */
	static void send(@Nullable Connection connection) {
		if (connection instanceof HTTP2Connection http2 && http2.getMessagesIn() > 0) {
			http2.getSession().shutdown();
		}
	}

}
