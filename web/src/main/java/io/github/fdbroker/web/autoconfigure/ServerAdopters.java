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
import io.github.fdbroker.web.ListeningSockets;
import io.github.fdbroker.web.jetty.JettyAdopter;
import io.github.fdbroker.web.netty.NettyAdopter;
import io.github.fdbroker.web.takeover.WebConnectors;
import io.github.fdbroker.web.tomcat.TomcatAdopter;

/**
 * What has each kind of web server listen on a socket that comes from outside.
 */
@Configuration(proxyBeanMethods = false)
class ServerAdopters {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@Bean
	ConnectorDrain fdConnectorDrain(Environment environment, FdWebProperties properties,
			ObjectProvider<WebConnectors> takeover) {
		return new ConnectorDrain(
				environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class, TIMEOUT),
				properties.idleGrace(),
				(socket, connector) -> takeover.ifAvailable((connectors) -> connectors.add(socket, connector)));
	}

	/**
	 * Where there is Tomcat.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
	static class TomcatConfiguration {

		@Bean
		TomcatAdopter fdTomcatAdopter(ListeningSockets sockets, ConnectorDrain drain) {
			return new TomcatAdopter(sockets, drain);
		}

	}

	/**
	 * Where there is Jetty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ServerConnector.class, ConfigurableJettyWebServerFactory.class })
	static class JettyConfiguration {

		@Bean
		JettyAdopter fdJettyAdopter(ListeningSockets sockets, ConnectorDrain drain) {
			return new JettyAdopter(sockets, drain);
		}

	}

	/**
	 * Where there is Reactor Netty.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	static class NettyConfiguration {

		@Bean
		NettyAdopter fdNettyAdopter(ListeningSockets sockets, ConnectorDrain drain,
				ObjectProvider<ReactorResourceFactory> resources) {
			return new NettyAdopter(sockets, drain, resources);
		}

	}

}
