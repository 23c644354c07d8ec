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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Knows the connections of HTTP/2, and which of them wait for a response. To Tomcat they
 * are upgraded ones, whose requests it hands to {@link Http2Requests}.
 */
final class Http2Connections implements Handler<NioChannel> {

	private static final String PROTOCOL = "HTTP/2.0";

	/** How many requests may be known that began after their connection was closed. */
	private static final int MAX_LATE = 64;

	private final Handler<NioChannel> delegate;

	/** The requests that wait for a response, for each connection that had a request. */
	private final Map<String, Set<Request>> requests = new ConcurrentHashMap<>();

	private final Map<String, SocketWrapperBase<NioChannel>> open = new ConcurrentHashMap<>();

	private volatile boolean ending;

	Http2Connections(Handler<NioChannel> delegate) {
		this.delegate = delegate;
	}

	/**
	 * Whether connections get GOAWAY. One that has sent no request gets it with the
	 * first: Tomcat refuses further requests soon, because it has not measured yet how
	 * long they take to arrive.
	 */
	void setEnding(boolean ending) {
		this.ending = ending;
		if (ending) {
			this.open.keySet().forEach(this::endIfEnding);
		}
	}

	private void endIfEnding(String id) {
		SocketWrapperBase<NioChannel> connection = this.open.get(id);
		if (this.ending && connection != null && this.requests.containsKey(id)
				&& connection.getCurrentProcessor() instanceof Processor processor) {
			processor.pause();
		}
	}

	/**
	 * Return how many connections have responses to all their requests.
	 */
	int idle() {
		return (int) this.open.keySet().stream().filter((connection) -> isEmpty(this.requests.get(connection))).count();
	}

	private static boolean isEmpty(@Nullable Set<Request> requests) {
		return requests != null && requests.isEmpty();
	}

	void began(Request request) {
		if (request.protocol().equals(PROTOCOL)) {
			String id = request.getServletConnection().getConnectionId();
			this.requests.computeIfAbsent(id, (connection) -> ConcurrentHashMap.newKeySet()).add(request);
			endIfEnding(id);
		}
	}

	void ended(Request request) {
		if (request.protocol().equals(PROTOCOL)) {
			Set<Request> requests = this.requests.get(request.getServletConnection().getConnectionId());
			if (requests != null) {
				requests.remove(request);
			}
		}
	}

	@Override
	public SocketState process(SocketWrapperBase<NioChannel> connection, SocketEvent event) {
		SocketState state = this.delegate.process(connection, event);
		if (state == SocketState.UPGRADED || state == SocketState.ASYNC_IO) {
			upgraded(connection);
		}
		return state;
	}

	/**
	 * The connection is one of HTTP/2, or of another protocol, which has no requests.
	 */
	private void upgraded(SocketWrapperBase<NioChannel> connection) {
		String id = id(connection);
		this.open.put(id, connection);
		if (connection.isClosed()) {
			this.open.remove(id);
		}
		endIfEnding(id);
	}

	/**
	 * Tomcat has named the protocol of a connection of HTTP/2 when it created it.
	 */
	private static String id(SocketWrapperBase<NioChannel> connection) {
		return connection.getServletConnection("http/1.1", "").getConnectionId();
	}

	@Override
	public void release(SocketWrapperBase<NioChannel> connection) {
		this.open.remove(id(connection));
		this.requests.remove(id(connection));
		if (this.requests.size() > this.open.size() + MAX_LATE) {
			this.requests.entrySet().removeIf(this::isOver);
		}
		this.delegate.release(connection);
	}

	private boolean isOver(Map.Entry<String, Set<Request>> connection) {
		return connection.getValue().isEmpty() && !this.open.containsKey(connection.getKey());
	}

	@Override
	public Object getGlobal() {
		return this.delegate.getGlobal();
	}

	@Override
	public void pause() {
		this.delegate.pause();
	}

	@Override
	public void recycle() {
		this.open.clear();
		this.requests.clear();
		this.delegate.recycle();
	}

}
