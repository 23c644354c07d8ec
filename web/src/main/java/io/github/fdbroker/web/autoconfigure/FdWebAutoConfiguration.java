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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import io.github.fdbroker.autoconfigure.takeover.FdTakeoverAutoConfiguration;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.takeover.IncomingTakeover;
import io.github.fdbroker.web.ListeningSockets;
import io.github.fdbroker.web.takeover.SocketOpener;
import io.github.fdbroker.web.takeover.WebConnectors;

/**
 * Auto-configuration of web servers that listen on sockets which come from outside: from
 * the service manager, or from the process that this one takes over from.
 */
@AutoConfiguration(after = FdTakeoverAutoConfiguration.class)
@ConditionalOnClass(WebServer.class)
@ConditionalOnWebApplication
@EnableConfigurationProperties(FdWebProperties.class)
public final class FdWebAutoConfiguration {

	@Bean
	@ConditionalOnProperty("fdbroker.web.socket")
	ListeningAddressReport fdListeningAddressReport(FdWebProperties properties) {
		return new ListeningAddressReport(properties);
	}

	/**
	 * The server of the application itself.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnGivenSocket("fdbroker.web.socket")
	@Import(ServerAdopters.class)
	static class MainServer {

		@Bean
		ListeningSockets fdListeningSockets(FdWebProperties properties,
				ObjectProvider<ActivatedDescriptors> descriptors, ObjectProvider<WebConnectors> connectors) {
			return new GivenSockets(properties, descriptors, connectors).of(GivenSockets.WEB);
		}

	}

	/**
	 * Where take-overs are enabled.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(IncomingTakeover.class)
	static class TakeoverConfiguration {

		@Bean
		WebConnectors fdWebConnectors(IncomingTakeover incoming, FdSources sources, FdConverters converters,
				FdWebProperties properties, ObjectProvider<ActivatedDescriptors> descriptors, Environment environment) {
			ActivatedServers activated = new ActivatedServers(properties, descriptors, environment);
			return new WebConnectors(incoming, new SocketOpener(sources, converters, activated::take));
		}

	}

}
