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

package io.github.fdbroker.autoconfigure.takeover;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Configures the control socket as a socket to listen on and as a peer to connect to, so
 * that all properties of sockets apply to it.
 */
class TakeoverEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/** The name of the socket, and of the peer. */
	static final String NAME = "takeover";

	private static final String SOCKET = "fdbroker.takeover.socket";

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (environment.getProperty("fdbroker.takeover.enabled", Boolean.class, false)
				&& environment.containsProperty(SOCKET)) {
			String path = "${" + SOCKET + "}";
			environment.getPropertySources()
				.addLast(new MapPropertySource("fdbrokerTakeover",
						Map.of("fdbroker.sockets.takeover.path", path, "fdbroker.peers.takeover.path", path,
								"fdbroker.peers.takeover.connect-timeout", "0", "fdbroker.peers.takeover.reply-timeout",
								"${fdbroker.takeover.step-timeout:10s}", "fdbroker.peers.takeover.max-descriptors",
								"60", "fdbroker.peers.takeover.max-message-size", "1MB",
								"fdbroker.sockets.takeover.max-descriptors", "60")));
		}
	}

}
