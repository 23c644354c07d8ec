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

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.web.ListeningSocket;

/**
 * Auto-configuration of a web server that listens on a socket which was passed to the
 * process in place of one that it binds.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class)
@ConditionalOnClass(WebServer.class)
@ConditionalOnWebApplication
@ConditionalOnProperty("fdbroker.web.socket")
@EnableConfigurationProperties(FdWebProperties.class)
public final class FdWebAutoConfiguration {

	@Bean
	ListeningAddressReport fdListeningAddressReport(FdWebProperties properties) {
		return new ListeningAddressReport(properties);
	}

	/**
	 * The server of the application itself.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnActivatedSocket("fdbroker.web.socket")
	@Import(ServerAdopters.class)
	static class MainServer {

		@Bean
		ListeningSocket fdListeningSocket(FdWebProperties properties, ActivatedDescriptors descriptors) {
			return ActivatedSocket.of(String.valueOf(properties.socket()), descriptors);
		}

	}

}
