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

package io.github.fdbroker.autoconfigure.actuate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpoint.Action;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpoint.FdBrokerDescriptor;
import io.github.fdbroker.autoconfigure.actuate.SocketDescriptor.ConnectionDescriptor;
import io.github.fdbroker.listener.HeldDescriptors.HeldDescriptor;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdBrokerEndpoint}.
 */
class FdBrokerEndpointTests {

	@TempDir
	Path directory;

	private final Holder holder = new Holder();

	@Test
	void endpointWhenMethodHoldsFileShowsSocketConnectionAndDescriptorWithoutPayload() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		runner().run((context) -> {
			FdBrokerEndpoint endpoint = context.getBean(FdBrokerEndpoint.class);
			try (PeerProcess peer = request(file)) {
				this.holder.called.await();
				// On a busy machine the kind takes longer than the endpoint waits for it.
				Awaitility.await().until(() -> endpoint.fdbroker().descriptors().open().get(0).kind() != null);
				FdBrokerDescriptor shown = endpoint.fdbroker();
				SocketDescriptor socket = shown.sockets().get("handoff");
				assertThat(socket.path()).isEqualTo(this.directory.resolve("handoff").toString());
				assertThat(socket)
					.extracting(SocketDescriptor::open, SocketDescriptor::type, SocketDescriptor::format,
							SocketDescriptor::owner, SocketDescriptor::mode, SocketDescriptor::listeners)
					.containsExactly(true, "stream", "frame", System.getProperty("user.name"), "rw-------",
							"Holder.hold()");
				assertThat(socket.transport()).isIn("native", "junixsocket");
				assertThat(socket.limits()).containsEntry("max-descriptors", 16);
				assertThat(socket.connections()).singleElement().satisfies((connection) -> {
					assertThat(connection.pid()).isEqualTo(peer.pid());
					assertThat(connection.messages()).isOne();
					assertThat(connection.heldDescriptors()).isOne();
					assertThat(connection.age()).isPositive();
				});
				assertThat(shown.descriptors().held()).isOne();
				HeldDescriptor held = shown.descriptors().open().get(0);
				assertThat(held.kind()).isEqualTo("a regular file, open for reading");
				assertThat(held.target()).isEqualTo(file.toString());
				assertThat(held.listener()).isEqualTo("Holder.hold()");
				assertThat(held.origin()).contains("socket 'handoff' with pid " + peer.pid());
				assertThat(JsonMapper.shared().writeValueAsString(shown)).doesNotContain("the payload");
				this.holder.mayReturn.countDown();
				peer.awaitLine("reply");
			}
			Awaitility.await().untilAsserted(() -> assertThat(endpoint.fdbroker().descriptors().open()).isEmpty());
		});
	}

	@Test
	void endpointWhenFileSystemDoesNotRespondAnswersWithoutKind() throws IOException {
		OtherUser.assumeAvailable();
		Path mounted = Files.createDirectory(this.directory.resolve("mounted"));
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		runner().run((context) -> {
			FdBrokerEndpoint endpoint = context.getBean(FdBrokerEndpoint.class);
			try (PeerProcess dead = PeerProcess
				.start(Peers.python("dead_file_system.py", this.directory.resolve("handoff"), mounted))) {
				String line = dead.readLine();
				Assumptions.assumeTrue("sent".equals(line), line);
				this.holder.called.await();
				// More often than questions may hang.
				for (int i = 0; i < 10; i++) {
					assertThat(endpoint.fdbroker().descriptors().open()).singleElement().satisfies((held) -> {
						assertThat(held.kind()).isNull();
						assertThat(held.target()).endsWith("file");
					});
				}
				try (PeerProcess peer = request(file)) {
					Awaitility.await().until(() -> endpoint.fdbroker().descriptors().held() == 2);
					Awaitility.await()
						.untilAsserted(() -> assertThat(endpoint.fdbroker().descriptors().open())
							.extracting(HeldDescriptor::kind)
							.containsExactlyInAnyOrder(null, "a regular file, open for reading"));
					dead.kill();
					this.holder.mayReturn.countDown();
					peer.awaitLine("reply");
				}
			}
		});
	}

	@Test
	void closeWhenConnectionExistsEndsIt() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		runner().run((context) -> {
			FdBrokerEndpoint endpoint = context.getBean(FdBrokerEndpoint.class);
			try (PeerProcess peer = request(file)) {
				this.holder.called.await();
				ConnectionDescriptor connection = endpoint.fdbroker().sockets().get("handoff").connections().get(0);
				endpoint.close(connection.id());
				assertThat(peer.readAll()).doesNotContain("reply");
				this.holder.mayReturn.countDown();
				Awaitility.await()
					.untilAsserted(
							() -> assertThat(endpoint.fdbroker().sockets().get("handoff").connections()).isEmpty());
				assertThatExceptionOfType(InvalidEndpointRequestException.class)
					.isThrownBy(() -> endpoint.close(connection.id()));
			}
		});
	}

	@Test
	void controlWhenSocketExistsStopsAndStartsIt() {
		this.holder.mayReturn.countDown();
		runner().run((context) -> {
			FdBrokerEndpoint endpoint = context.getBean(FdBrokerEndpoint.class);
			endpoint.control("handoff", Action.STOP);
			assertThat(endpoint.fdbroker().sockets().get("handoff").open()).isFalse();
			assertThat(Peers.runPython("fdframe.py", "request", this.directory.resolve("handoff")).exitCode()).isOne();
			endpoint.control("handoff", Action.START);
			assertThat(endpoint.fdbroker().sockets().get("handoff").open()).isTrue();
			assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> endpoint.control("other", Action.STOP));
		});
	}

	@Test
	void peersWhenUsedShowStateTrafficAndFailure() {
		this.holder.mayReturn.countDown();
		runner().withPropertyValues("fdbroker.peers.absent.path=absent", "fdbroker.peers.absent.connect-timeout=0")
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				FdBrokerEndpoint endpoint = context.getBean(FdBrokerEndpoint.class);
				assertThat(endpoint.fdbroker().peers().get("handoff").state()).isEqualTo("idle");
				broker.to("handoff").descriptor(Path.of("pom.xml")).request().close();
				assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> broker.to("absent").send());
				Map<String, PeerDescriptor> peers = endpoint.fdbroker().peers();
				assertThat(peers.get("handoff").state()).isEqualTo("connected");
				assertThat(peers.get("handoff").sent().descriptors()).isOne();
				assertThat(peers.get("handoff").received().messages()).isOne();
				assertThat(peers.get("absent").state()).isEqualTo("unreachable");
				assertThat(peers.get("absent").lastFailure()).contains("there is no such file");
			});
	}

	private PeerProcess request(Path file) {
		return PeerProcess.start(Peers.python("fdframe.py", "request", this.directory.resolve("handoff"), "--payload",
				"the payload", file));
	}

	private ApplicationContextRunner runner() {
		return TestApplication.with(this.directory, Holder.class, this.holder)
			.withConfiguration(
					AutoConfigurations.of(EndpointAutoConfiguration.class, FdBrokerEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.jmx.exposure.include=*",
					"management.endpoints.web.exposure.include=*", "spring.jmx.enabled=true");
	}

	static class Holder {

		private final CountDownLatch called = new CountDownLatch(1);

		private final CountDownLatch mayReturn = new CountDownLatch(1);

		@FdListener(TestApplication.SOCKET)
		String hold(OwnedFd file) throws InterruptedException {
			this.called.countDown();
			this.mayReturn.await();
			return file.kind().toString();
		}

	}

}
