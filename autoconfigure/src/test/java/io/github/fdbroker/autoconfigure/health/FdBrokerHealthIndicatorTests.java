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

package io.github.fdbroker.autoconfigure.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.fdbroker.FdException;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdBrokerHealthIndicator}.
 */
class FdBrokerHealthIndicatorTests {

	@TempDir
	Path directory;

	@Test
	void healthWhenSocketIsOpenIsUpWithNumbersOfTheTable() {
		runner().run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsEntry("sockets", Map.of("handoff", "open"));
			DescriptorTable table = (DescriptorTable) health.getDetails().get("descriptors");
			assertThat(table.open()).isPositive().isLessThan(table.limit());
		});
	}

	@Test
	void healthWhenSocketFileIsRemovedIsDown() {
		runner().run((context) -> {
			Files.delete(this.directory.resolve("handoff"));
			assertDown(context, "sockets", "handoff", "was removed");
		});
	}

	@Test
	void healthWhenSocketIsStoppedIsUp() {
		runner().run((context) -> {
			context.getBean(FdListenerRegistry.class).container("handoff").stop().join();
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsEntry("sockets", Map.of("handoff", "stopped"));
		});
	}

	@Test
	void healthWhenSocketCannotBeStartedAgainIsDown() {
		runner().run((context) -> {
			FdListenerContainer container = context.getBean(FdListenerRegistry.class).container("handoff");
			container.stop().join();
			Files.writeString(this.directory.resolve("handoff"), "in the way");
			assertThatExceptionOfType(FdException.class).isThrownBy(container::start);
			assertDown(context, "sockets", "handoff", "it has failed");
		});
	}

	@Test
	void healthWhenNoListenerServesSocketIsDown() {
		TestApplication.withoutListener(this.directory)
			.withConfiguration(AutoConfigurations.of(FdBrokerHealthContributorAutoConfiguration.class))
			.run((context) -> assertDown(context, "sockets", "handoff", "@FdListener(\"handoff\")"));
	}

	@Test
	void healthWhenRequiredPeerIsAbsentIsDownUntilItIsThere() throws IOException {
		Path path = this.directory.resolve("other.sock");
		runner().withPropertyValues("fdbroker.peers.other.path=other.sock", "fdbroker.peers.other.required=true")
			.run((context) -> {
				assertDown(context, "peers", "other", "there is no such file");
				try (PeerProcess peer = PeerProcess.python("rawpeer.py", "serve", path)) {
					assertThat(peer.pid()).isPositive();
					assertThat(health(context).getStatus()).isEqualTo(Status.UP);
					assertThat(health(context).getDetails()).containsEntry("peers", Map.of("other", "reachable"));
				}
				assertDown(context, "peers", "other", "nobody listens");
			});
	}

	@Test
	void healthWhenTableIsAlmostFullIsDownWithNumbers() {
		runner().run((context) -> {
			SocketsHealth sockets = new SocketsHealth(Set.of("handoff"), context.getBean(FdListenerRegistry.class));
			Health health = new FdBrokerHealthIndicator(sockets, new PeersHealth(Set.of(), null),
					() -> new DescriptorTable(922, 1024))
				.health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("descriptors", new DescriptorTable(922, 1024));
		});
	}

	private ApplicationContextRunner runner() {
		return TestApplication.with(this.directory, Listener.class, new Listener())
			.withConfiguration(AutoConfigurations.of(FdBrokerHealthContributorAutoConfiguration.class));
	}

	private static Health health(ApplicationContext context) {
		return context.getBean("fdbrokerHealthIndicator", HealthIndicator.class).health();
	}

	@SuppressWarnings("unchecked")
	private static void assertDown(ApplicationContext context, String detail, String name, String text) {
		Health health = health(context);
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(((Map<String, String>) health.getDetails().get(detail)).get(name)).contains(text);
	}

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String receive(String payload) {
			return payload;
		}

	}

}
