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

package io.github.fdbroker.hold;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A stranger, who may connect but is refused, and who leaves descriptors whose close(2)
 * does not return.
 */
class StrangerHoldTests extends SharedServer {

	@BeforeAll
	static void serve() {
		for (String socket : new String[] { "stream", "strangers" }) {
			server.assertServes(socket);
		}
	}

	@Test
	void strangerWhenClosesHangCannotMakeTheSocketDeaf() {
		try (PeerProcess attack = server.ambush(OtherUser.command(server.command("linger", "strangers", 64)))) {
			assertThat(server.runAsOther("knock", "strangers", 1500)).isEqualTo("knocked 1500");
			server.assertServes("strangers");
			server.assertServes("stream");
			assertThat(server.descriptors()).hasSizeLessThan(HeldServer.TABLE - 256);
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
	}

	@Test
	void strangerWhenMoreClosesHangThanMayMeetsASocketWithoutDescriptors() {
		assumeFalse(server.lines().stream().anyMatch((line) -> line.contains("Transport 'junixsocket'")),
				"only the native transport can refuse descriptors");
		assumeTrue(TransportMode.AUTO.select().system().canRefuseDescriptors(), "SO_PASSRIGHTS needs Linux 6.16");
		try (PeerProcess attack = server.ambush(OtherUser.command(server.command("linger", "strangers", 120)))) {
			awaitLine("takes no descriptors from peers that it has not admitted yet");
			assertThat(server.runAsOther("flood", "strangers", 300)).startsWith("refused True");
			assertThat(server.runAsOther("knock", "strangers", 1000)).isEqualTo("knocked 1000");
			assertThat(server.run("greet", "strangers", 20)).isEqualTo("greeted 20");
			server.assertServes("stream");
			assertThat(server.descriptors()).hasSizeLessThan(HeldServer.TABLE - 256);
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
		server.assertServes("strangers");
	}

	@Test
	void strangersWhenClosesOfOneHangAreRefusedInTime() {
		try (PeerProcess attack = server.ambush(OtherUser.command(server.command("linger", "strangers", 120)))) {
			assertThat(server.runAsThird("knock", "strangers", 1500)).isEqualTo("knocked 1500");
			assertThat(server.run("greet", "strangers", 20)).isEqualTo("greeted 20");
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
		server.assertServes("strangers");
	}

	@Test
	void strangerWhenMoreClosesHangThanMayHoldsUpNobody() {
		try (PeerProcess attack = server.ambush(OtherUser.command(server.command("linger", "strangers", 120)))) {
			assertThat(server.run("greet", "strangers", 20)).isEqualTo("greeted 20");
			server.assertServes("stream");
			assertThat(attack.pid()).isPositive();
		}
		server.awaitDescriptors(this.before);
		server.assertServes("strangers");
	}

	private static void awaitLine(String part) {
		Awaitility.await().until(() -> server.lines().stream().anyMatch((line) -> line.contains(part)));
	}

}
