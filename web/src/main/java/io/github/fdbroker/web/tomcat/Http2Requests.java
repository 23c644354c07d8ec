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

package io.github.fdbroker.web.tomcat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Tells {@link Http2Connections} which requests wait for their response. When the adapter
 * returns, the response is written, unless the request is asynchronous.
 */
final class Http2Requests implements Adapter {

	private final Adapter delegate;

	private final Supplier<Http2Connections> connections;

	Http2Requests(Adapter delegate, Supplier<Http2Connections> connections) {
		this.delegate = delegate;
		this.connections = connections;
	}

	@Override
	public void service(Request request, Response response) throws Exception {
		this.connections.get().began(request);
		try {
			this.delegate.service(request, response);
		}
		finally {
			endUnlessAsynchronous(request);
		}
	}

	@Override
	public boolean asyncDispatch(Request request, Response response, SocketEvent status) throws Exception {
		try {
			return this.delegate.asyncDispatch(request, response, status);
		}
		finally {
			endUnlessAsynchronous(request);
		}
	}

	private void endUnlessAsynchronous(Request request) {
		AtomicBoolean asynchronous = new AtomicBoolean();
		request.action(ActionCode.ASYNC_IS_ASYNC, asynchronous);
		if (!asynchronous.get()) {
			this.connections.get().ended(request);
		}
	}

	@Override
	public boolean prepare(Request request, Response response) throws Exception {
		return this.delegate.prepare(request, response);
	}

	@Override
	public void log(Request request, Response response, long time) {
		this.delegate.log(request, response, time);
	}

	@Override
	public void checkRecycled(Request request, Response response) {
		this.delegate.checkRecycled(request, response);
	}

	@Override
	public String getDomain() {
		return this.delegate.getDomain();
	}

}
