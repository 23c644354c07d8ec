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

package io.github.fdbroker.broker;

import java.nio.file.Path;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs tests of a broker that sends to the peer {@code handoff}, in an application
 * without a listener.
 */
final class Brokers {

	private Brokers() {
	}

	/**
	 * Run a test with the broker.
	 * @param properties further properties of the peer
	 */
	static void with(Path directory, Use test, String... properties) {
		withContext(directory, (context) -> test.run(context.getBean(FdBroker.class)), properties);
	}

	/**
	 * Run a test with the application.
	 * @param properties further properties of the peer
	 */
	static void withContext(Path directory, ContextUse test, String... properties) {
		ApplicationContextRunner runner = TestApplication.withoutListener(directory);
		for (String property : properties) {
			runner = runner.withPropertyValues("fdbroker.peers.handoff." + property);
		}
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context);
		});
	}

	/**
	 * What a test does with a broker.
	 */
	interface Use {

		void run(FdBroker broker) throws Exception;

	}

	/**
	 * What a test does with an application.
	 */
	interface ContextUse {

		void run(ApplicationContext context) throws Exception;

	}

}
