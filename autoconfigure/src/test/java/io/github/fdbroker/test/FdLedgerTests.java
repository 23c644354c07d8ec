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

package io.github.fdbroker.test;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

import io.github.fdbroker.system.Descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

/**
 * Tests for {@link FdLedger}.
 */
class FdLedgerTests {

	private static FileDescriptor victim = new FileDescriptor();

	@Test
	void testWhenDescriptorLeftOpenFails() {
		assertFailureOf("leak", "Test Misbehaving.leak: Descriptors left open: {",
				"a character device, open for reading");
		Descriptors.close(victim);
	}

	@Test
	void testWhenForeignDescriptorClosedFails() throws IOException {
		victim = new FileInputStream("/dev/zero").getFD();
		assertFailureOf("closeForeign", "closed though not opened here: {");
	}

	@Test
	void testWhenNothingLeftSucceeds() {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectMethod(Misbehaving.class, "behave"))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.succeeded(1));
	}

	private static void assertFailureOf(String method, String... messages) {
		var failures = EngineTestKit.engine("junit-jupiter")
			.configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
			.configurationParameter("fdledger.patience", "100")
			.selectors(selectMethod(Misbehaving.class, method))
			.execute()
			.testEvents()
			.failed()
			.list();
		assertThat(failures).hasSize(1);
		assertThat(failures.get(0).getPayload().orElseThrow().toString()).contains(messages).contains("/dev/zero");
	}

	/**
	 * Not found by name, and run by the tests above only.
	 */
	static class Misbehaving {

		@Test
		void leak() throws IOException {
			victim = new FileInputStream("/dev/zero").getFD();
		}

		@Test
		void closeForeign() {
			Descriptors.close(victim);
		}

		@Test
		void behave() throws IOException {
			try (FileInputStream stream = new FileInputStream("/dev/zero")) {
				assertThat(stream.read()).isZero();
			}
		}

	}

}
