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

package io.github.fdbroker.web.autoconfigure;

import java.time.Duration;

import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.server.ServerConnector;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

import io.github.fdbroker.web.ConnectorDrain;
import io.github.fdbroker.web.ListeningSocket;
import io.github.fdbroker.web.jetty.JettyAdopter;
import io.github.fdbroker.web.netty.NettyAdopter;
import io.github.fdbroker.web.tomcat.TomcatAdopter;

/**
 * What has each kind of web server listen on a socket that comes from outside.
 */
@Configuration(proxyBeanMethods = false)
class ServerAdopters {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@Bean
	ConnectorDrain fdConnectorDrain(Environment environment, FdWebProperties properties) {
		return new ConnectorDrain(
				environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class, TIMEOUT),
				properties.idleGrace());
	}

	/**
	 * Where there is Tomcat.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
	static class TomcatConfiguration {

		@Bean
		TomcatAdopter fdTomcatAdopter(ListeningSocket socket, ConnectorDrain drain) {
			return new TomcatAdopter(socket, drain);
		}

	}

	/**
	 * Where there is Jetty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ServerConnector.class, ConfigurableJettyWebServerFactory.class })
	static class JettyConfiguration {

		@Bean
		JettyAdopter fdJettyAdopter(ListeningSocket socket, ConnectorDrain drain) {
			return new JettyAdopter(socket, drain);
		}

	}

	/**
	 * Where there is Reactor Netty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	static class NettyConfiguration {

		@Bean
		NettyAdopter fdNettyAdopter(ListeningSocket socket, ConnectorDrain drain,
				ObjectProvider<ReactorResourceFactory> resources) {
			return new NettyAdopter(socket, drain, resources);
		}

	}

}
