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

package io.github.fdbroker.testsupport;

import java.nio.file.Path;
import java.time.Duration;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.test.FdTestClient;

/**
 * Applications with a socket and a peer of the same path, both called "handoff".
 */
public final class TestApplication {

	/**
	 * The name of the socket and of the peer.
	 */
	public static final String SOCKET = "handoff";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private TestApplication() {
	}

	/**
	 * Return a runner for an application whose listeners are the methods of one object.
	 */
	public static <T> ApplicationContextRunner with(Path directory, Class<T> type, T listener) {
		return withoutListener(directory).withBean(type, () -> listener);
	}

	/**
	 * Return a runner for an application without a listener.
	 */
	public static ApplicationContextRunner withoutListener(Path directory) {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
			.withPropertyValues("fdbroker.directory=" + directory, "fdbroker.sockets.handoff.path=" + SOCKET,
					"fdbroker.peers.handoff.path=" + SOCKET);
	}

	/**
	 * Return a client of the socket in a directory, which waits as long as a machine
	 * under load needs.
	 */
	public static FdTestClient client(Path directory) {
		return FdTestClient.to(directory.resolve(SOCKET))
			.property("connect-timeout", PATIENCE)
			.property("reply-timeout", PATIENCE)
			.open();
	}

}
