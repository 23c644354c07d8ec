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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;

import io.github.fdbroker.web.jetty.JettyAdopter;
import io.github.fdbroker.web.netty.NettyAdopter;
import io.github.fdbroker.web.tomcat.TomcatAdopter;

/**
 * A web server in this process, which replies "served" to each request.
 */
final class AdoptedServer implements AutoCloseable {

	/** A request for this path waits. */
	static final String WAIT = "/wait";

	private static final byte[] REPLY = "served".getBytes(StandardCharsets.US_ASCII);

	private final ConnectorDrain drain = new ConnectorDrain(Duration.ofSeconds(30), Duration.ofSeconds(1));

	private final ReactorResourceFactory resources = new ReactorResourceFactory();

	private final Consumer<ConfigurableWebServerFactory> customizer;

	private final CountDownLatch released = new CountDownLatch(1);

	private final WebServer server;

	AdoptedServer(Kind kind, ListeningSocket socket) {
		this(kind, socket, (factory) -> {
		});
	}

	AdoptedServer(Kind kind, ListeningSocket socket, Consumer<ConfigurableWebServerFactory> customizer) {
		this(kind, new ListeningSockets("test", (name, configured) -> name.equals("test") ? socket : null), customizer);
	}

	AdoptedServer(Kind kind, ListeningSockets sockets, Consumer<ConfigurableWebServerFactory> customizer) {
		this.customizer = customizer;
		this.server = switch (kind) {
			case TOMCAT -> tomcat(sockets);
			case JETTY -> jetty(sockets, -1);
			case JETTY_WITHOUT_ACCEPTORS -> jetty(sockets, 0);
			case NETTY -> netty(sockets);
		};
		this.server.start();
	}

	private WebServer tomcat(ListeningSockets sockets) {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		this.customizer.accept(factory);
		new TomcatAdopter(sockets, this.drain).customize(factory);
		return server(factory);
	}

	private WebServer jetty(ListeningSockets sockets, int acceptors) {
		JettyServletWebServerFactory factory = new JettyServletWebServerFactory(0);
		factory.setAcceptors(acceptors);
		this.customizer.accept(factory);
		new JettyAdopter(sockets, this.drain).customize(factory);
		return server(factory);
	}

	private WebServer server(ServletWebServerFactory factory) {
		return factory.getWebServer((context) -> context.addServlet("reply", new ReplyServlet()).addMapping("/"));
	}

	private WebServer netty(ListeningSockets sockets) {
		this.resources.setUseGlobalResources(false);
		this.resources.afterPropertiesSet();
		ObjectProvider<ReactorResourceFactory> resources = new StaticListableBeanFactory(
				Map.of("resources", this.resources))
			.getBeanProvider(ReactorResourceFactory.class);
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
		this.customizer.accept(factory);
		new NettyAdopter(sockets, this.drain, resources).customize(factory);
		HttpHandler handler = (request, response) -> {
			response.getHeaders().setContentLength(REPLY.length);
			return response
				.writeWith(Mono.fromCallable(() -> response.bufferFactory().wrap(reply(request.getPath().value())))
					.subscribeOn(Schedulers.boundedElastic()));
		};
		return factory.getWebServer(handler);
	}

	private byte[] reply(String path) {
		try {
			if (path.equals(WAIT)) {
				this.released.await();
			}
			return REPLY;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Reply to the requests for {@link #WAIT}.
	 */
	void release() {
		this.released.countDown();
	}

	int port() {
		return this.server.getPort();
	}

	ServingConnector connector() {
		return this.drain.connectors().iterator().next();
	}

	Set<ServingConnector> connectors() {
		return this.drain.connectors();
	}

	@Override
	public void close() {
		release();
		this.server.stop();
		this.server.destroy();
		this.resources.destroy();
	}

	enum Kind {

		TOMCAT, JETTY, JETTY_WITHOUT_ACCEPTORS, NETTY

	}

	private final class ReplyServlet extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.setContentLength(REPLY.length);
			response.getOutputStream().write(reply(request.getRequestURI()));
		}

	}

}
