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
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.web.ListeningSockets;
import io.github.fdbroker.web.takeover.WebConnectors;

/**
 * Configuration of a management server that listens on a socket which was passed to the
 * process.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnGivenSocket("fdbroker.web.management-socket")
@EnableConfigurationProperties(FdWebProperties.class)
@Import(ServerAdopters.class)
public final class ManagementSocketConfiguration {

	@Bean
	ListeningSockets fdListeningSockets(FdWebProperties properties, ObjectProvider<ActivatedDescriptors> descriptors,
			ObjectProvider<WebConnectors> connectors) {
		return new GivenSockets(properties, descriptors, connectors).of(GivenSockets.MANAGEMENT);
	}

}
