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

package io.github.fdbroker.autoconfigure.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.observation.FdBrokerObservationAutoConfiguration;
import io.github.fdbroker.child.FdChild;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdBrokerMetricsAutoConfiguration}.
 */
class FdBrokerMetricsTests {

	@TempDir
	Path directory;

	private final Holder holder = new Holder();

	@Test
	void metersWhenPeersSendAndAreRefusedCountAndTime() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		runner().run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			try (PeerProcess peer = PeerProcess.start(Peers.python("fdframe.py", "request", socket(), file, file))) {
				await(meters, "fdbroker.descriptors.held", 2);
				assertThat(gauge(meters, "fdbroker.socket.connections.active")).isOne();
				this.holder.mayReturn.countDown();
				peer.awaitLine("reply");
			}
			await(meters, "fdbroker.descriptors.held", 0);
			assertThat(gauge(meters, "fdbroker.descriptors.closing")).isZero();
			await(meters, "fdbroker.socket.connections.active", 0);
			assertThat(counter(meters, "fdbroker.socket.messages", "direction", "in")).isOne();
			assertThat(counter(meters, "fdbroker.socket.descriptors", "direction", "in")).isEqualTo(2);
			assertThat(counter(meters, "fdbroker.socket.messages", "direction", "out")).isOne();
			assertThat(counter(meters, "fdbroker.socket.connections", "socket", "handoff")).isOne();
			Awaitility.await().until(() -> meters.find("fdbroker.listener").timer() != null);
			assertThat(meters.get("fdbroker.listener")
				.tags("fdbroker.socket", "handoff", "fdbroker.listener", "Holder.hold()", "error", "none")
				.timer()
				.count()).isOne();
		});
	}

	@Test
	void metersWhenApplicationSendsCountAndTime() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		this.holder.mayReturn.countDown();
		runner().run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			FdBroker broker = context.getBean(FdBroker.class);
			broker.to(TestApplication.SOCKET).descriptor(file).request().close();
			broker.to(TestApplication.SOCKET).descriptor(file).send();
			broker.to(TestApplication.SOCKET).descriptor(file).sendAsync().toCompletableFuture().join();
			assertThat(counter(meters, "fdbroker.peer.messages", "direction", "out")).isEqualTo(3);
			assertThat(counter(meters, "fdbroker.peer.descriptors", "direction", "out")).isEqualTo(3);
			assertThat(counter(meters, "fdbroker.peer.messages", "direction", "in")).isOne();
			assertThat(gauge(meters, "fdbroker.peer.sends.pending")).isZero();
			assertThat(gauge(meters, "fdbroker.descriptors.waiting")).isZero();
			assertThat(meters.get("fdbroker.send")
				.tags("fdbroker.peer", "handoff", "fdbroker.operation", "request")
				.timer()
				.count()).isOne();
			assertThat(meters.get("fdbroker.send").tags("fdbroker.operation", "send").timer().count()).isEqualTo(2);
		});
	}

	@Test
	void metersWhenPeersAreUsedByPathCountThemTogether() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		this.holder.mayReturn.countDown();
		runner().run((context) -> {
			Path other = Files.createSymbolicLink(this.directory.resolve("other"), socket());
			FdBroker broker = context.getBean(FdBroker.class);
			broker.to(socket()).descriptor(file).send();
			broker.to(other).descriptor(file).request().close();
			broker.to(TestApplication.SOCKET, other).descriptor(file).send();
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("fdbroker.peer.messages").tags("peer", "path", "direction", "out").functionCounter())
				.returns(2.0, FunctionCounter::count);
			assertThat(
					meters.get("fdbroker.peer.descriptors").tags("peer", "path", "direction", "out").functionCounter())
				.returns(2.0, FunctionCounter::count);
			assertThat(
					meters.get("fdbroker.peer.messages").tags("peer", "handoff", "direction", "out").functionCounter())
				.returns(1.0, FunctionCounter::count);
			assertThat(meters.get("fdbroker.send").tag("fdbroker.peer", "path").timers()).isNotEmpty();
			assertThat(meters.find("fdbroker.send").tag("fdbroker.peer", other.toString()).timers()).isEmpty();
		});
	}

	@ParameterizedTest
	@CsvSource({ "worker, worker", "helper, other" })
	void metersWhenChildSendsAndReceivesCount(String name, String tag) {
		runner().withPropertyValues("fdbroker.children.worker.format=frame").run((context) -> {
			try (FdChild child = context.getBean(FdChildren.class)
				.start(name, new ProcessBuilder(Peers.python("child.py", "serve")),
						(message, sender) -> message.descriptors())) {
				child.message().payload("fine").descriptor(Path.of("/dev/null")).request().close();
				child.message().payload("ask first").request().close();
			}
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			// The reply of the handler is counted after it was sent.
			Awaitility.await().until(() -> childCounter(meters, "fdbroker.child.messages", tag, "out") == 3);
			assertThat(childCounter(meters, "fdbroker.child.messages", tag, "in")).isEqualTo(3);
			assertThat(childCounter(meters, "fdbroker.child.descriptors", tag, "out")).isOne();
			assertThat(childCounter(meters, "fdbroker.child.descriptors", tag, "in")).isOne();
			assertThat(meters.get("fdbroker.send").tag("fdbroker.peer", tag).timer().count()).isEqualTo(2);
			Awaitility.await()
				.until(() -> meters.find("fdbroker.listener").tag("fdbroker.socket", tag).timer() != null);
		});
	}

	@Test
	void tagsWhenNamesAreGeneratedAreFew() {
		runner().run((context) -> {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			FdChildren children = context.getBean(FdChildren.class);
			for (int i = 0; i < 3; i++) {
				FdMessageHandler handler = (message, sender) -> message.descriptors();
				try (FdChild child = children.start("generated-" + i,
						new ProcessBuilder(Peers.python("child.py", "serve")), handler)) {
					child.message().payload("ask first").request().close();
				}
			}
			Awaitility.await()
				.until(() -> meters.find("fdbroker.listener").timers().stream().mapToLong(Timer::count).sum() == 3);
			assertThat(meters.getMeters()).flatExtracting((meter) -> meter.getId().getTags())
				.extracting(Tag::getValue)
				.contains(getClass().getSimpleName())
				.noneMatch((value) -> value.contains("generated") || value.contains("Lambda"));
		});
	}

	private static double childCounter(MeterRegistry meters, String name, String child, String direction) {
		return meters.get(name).tags("child", child, "direction", direction).functionCounter().count();
	}

	@Test
	void refusalsWhenPeerIsNotAllowedAreCountedByReason() {
		runner().withPropertyValues("fdbroker.sockets.handoff.allow.uids=12345").run((context) -> {
			try (FdTestClient client = FdTestClient.to(socket()).open()) {
				assertThat(client.request("x")).isClosed();
			}
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(counter(meters, "fdbroker.socket.refusals", "reason", "not-allowed")).isOne();
			assertThat(counter(meters, "fdbroker.socket.refusals", "reason", "malformed")).isZero();
		});
	}

	private Path socket() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private ApplicationContextRunner runner() {
		return TestApplication.with(this.directory, Holder.class, this.holder)
			.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							SimpleMetricsExportAutoConfiguration.class, ObservationAutoConfiguration.class,
							FdBrokerMetricsAutoConfiguration.class, FdBrokerObservationAutoConfiguration.class));
	}

	private static double counter(MeterRegistry meters, String name, String tag, String value) {
		return meters.get(name).tag(tag, value).functionCounter().count();
	}

	private static double gauge(MeterRegistry meters, String name) {
		return meters.get(name).gauge().value();
	}

	private static void await(MeterRegistry meters, String name, double value) {
		Awaitility.await().until(() -> gauge(meters, name) == value);
	}

	static class Holder {

		private final CountDownLatch mayReturn = new CountDownLatch(1);

		@FdListener(TestApplication.SOCKET)
		String hold(List<OwnedFd> files) throws InterruptedException {
			this.mayReturn.await();
			return files.size() + " files";
		}

	}

}
