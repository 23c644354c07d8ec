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

package io.github.fdbroker.sample.fdctl;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Peer;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Socket;
import io.github.fdbroker.autoconfigure.StandaloneBroker;

/**
 * Starts the library with one peer, without an application context, or with one socket
 * and no other bean. Both have the name {@value #NAME}.
 */
final class Library {

	static final String NAME = "fdctl";

	private Library() {
	}

	/**
	 * Start with a peer.
	 * @param patience how long to wait for it if the arguments do not say
	 */
	static StandaloneBroker withPeer(Arguments arguments, Duration patience) {
		Duration timeout = Objects.requireNonNullElse(arguments.timeout(), patience);
		Map<String, Object> properties = properties("fdbroker.peers.fdctl.", Peer.class, arguments);
		properties.putIfAbsent("fdbroker.peers.fdctl.connect-timeout", timeout);
		properties.putIfAbsent("fdbroker.peers.fdctl.send-timeout", timeout);
		properties.putIfAbsent("fdbroker.peers.fdctl.reply-timeout", timeout);
		properties.put("fdbroker.peers.fdctl.expect.uids", String.join(",", arguments.uids()));
		return StandaloneBroker.of(properties);
	}

	static ConfigurableApplicationContext withSocket(Arguments arguments) {
		Map<String, Object> properties = properties("fdbroker.sockets.fdctl.", Socket.class, arguments);
		properties.put("spring.config.name", NAME);
		properties.put("spring.main.log-startup-info", false);
		properties.put("spring.main.register-shutdown-hook", true);
		properties.put("logging.level.root", "off");
		properties.put("logging.level.io.github.fdbroker", "warn");
		properties.put("logging.pattern.console", "fdctl: %m%n");
		properties.put("fdbroker.sockets.fdctl.allow.uids", String.join(",", arguments.uids()));
		return start(properties, Client.class, FirstMessage.class);
	}

	private static Map<String, Object> properties(String prefix, Class<?> type, Arguments arguments) {
		Map<String, Object> properties = new HashMap<>();
		properties.put(prefix + "path", arguments.path().toString());
		arguments.properties().forEach((name, value) -> {
			checkProperty(type, name);
			properties.put(prefix + name, value);
		});
		return properties;
	}

	/**
	 * A property that does not exist would be ignored.
	 */
	private static void checkProperty(Class<?> type, String name) {
		String first = name.split("[.\\[]")[0];
		if (Arrays.stream(type.getRecordComponents())
			.noneMatch((property) -> DataObjectPropertyName.toDashedForm(property.getName()).equals(first))) {
			throw new UsageException("there is no property '%s' of a %s; see --help".formatted(name,
					type.getSimpleName().toLowerCase(Locale.ROOT)));
		}
	}

	private static ConfigurableApplicationContext start(Map<String, Object> properties, Class<?>... sources) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.properties(properties)
			.run();
	}

	/**
	 * The configuration of the library alone.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	static class Client {

	}

}
