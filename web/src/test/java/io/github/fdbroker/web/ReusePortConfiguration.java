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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioEndpoint;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tomcat with SO_REUSEPORT, as an application would have it without this library.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.tomcat.TomcatWebServerFactory")
@ConditionalOnProperty("pid.reuse-port")
class ReusePortConfiguration {

	@Bean
	WebServerFactoryCustomizer<TomcatWebServerFactory> reusePort() {
		return new ReusePort();
	}

	/**
	 * Replaces the protocol.
	 */
	static final class ReusePort implements WebServerFactoryCustomizer<TomcatWebServerFactory> {

		@Override
		public void customize(TomcatWebServerFactory factory) {
			factory.setProtocol(Protocol.class.getName());
		}

	}

	/**
	 * The protocol with its endpoint.
	 */
	public static final class Protocol extends Http11NioProtocol {

		public Protocol() {
			super(new Endpoint());
		}

	}

	/**
	 * Binds the socket with the option.
	 */
	private static final class Endpoint extends NioEndpoint {

		private ServerSocketChannel channel;

		@Override
		protected void initServerSocket() throws IOException {
			this.channel = ServerSocketChannel.open();
			this.channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			InetAddress address = getAddress();
			this.channel.bind((address != null) ? new InetSocketAddress(address, getPortWithOffset())
					: new InetSocketAddress(getPortWithOffset()), getAcceptCount());
		}

		@Override
		protected NetworkChannel getServerSocket() {
			return this.channel;
		}

		@Override
		protected SocketChannel serverSocketAccept() throws IOException {
			return this.channel.accept();
		}

		@Override
		protected void doCloseServerSocket() throws IOException {
			this.channel.close();
		}

	}

}
