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

package io.github.fdbroker;

import java.nio.file.Path;
import java.util.List;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with one socket, and a peer in C that connects to it or serves it.
 */
final class PeerInC {

	private final String source;

	private final Path socket;

	private final ApplicationContextRunner application;

	/**
	 * Create an instance.
	 * @param source the source of the peer
	 * @param directory the directory of the socket
	 * @param properties properties of the application
	 */
	PeerInC(String source, Path directory, String... properties) {
		this.source = source;
		this.socket = directory.resolve(TestApplication.SOCKET);
		this.application = TestApplication.withoutListener(directory).withPropertyValues(properties);
	}

	/**
	 * Run a test in the application, without a listener.
	 */
	void ask(BrokerTest test) {
		this.application.run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdBroker.class));
		});
	}

	/**
	 * Run a test in the application, with a listener.
	 * @param properties further properties of its socket
	 */
	<T> void listen(T listener, ContainerTest test, String... properties) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		ApplicationContextRunner runner = this.application.withBean(type, () -> listener);
		for (String property : properties) {
			runner = runner.withPropertyValues("fdbroker.sockets.handoff." + property);
		}
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdListenerRegistry.class).containers().iterator().next());
		});
	}

	/**
	 * Run the peer as a client, and return the lines that it prints.
	 */
	List<String> connect(String... steps) {
		return Peers.run(command("connect", steps)).output().lines().toList();
	}

	PeerProcess start(String side, String... steps) {
		return PeerProcess.start(command(side, steps));
	}

	private List<String> command(String side, String... steps) {
		List<String> command = Peers.compiled(this.source, side, this.socket);
		command.addAll(List.of(steps));
		return command;
	}

	interface BrokerTest {

		void run(FdBroker broker) throws Exception;

	}

	interface ContainerTest {

		void run(FdListenerContainer container) throws Exception;

	}

}
