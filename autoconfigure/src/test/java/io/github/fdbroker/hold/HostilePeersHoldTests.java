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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever an allowed peer sends costs its own connection: others are served meanwhile,
 * and afterwards the server has exactly the descriptors of before.
 */
class HostilePeersHoldTests extends SharedServer {

	@BeforeAll
	static void serve() {
		for (String socket : new String[] { "stream", "brief" }) {
			server.assertServes(socket);
		}
	}

	@AfterEach
	void serverServesAndHoldsNothing() {
		server.assertServes("stream");
		server.awaitDescriptors(this.before);
	}

	@Test
	void descriptorsWhenAnnouncedCountDiffersFromTheAttachedOneAreRefused() {
		assertThat(server.run("counts", "stream")).isEqualTo("tried 324");
	}

	@Test
	void streamsWhenMalformedAreRefused() {
		assertThat(server.run("bad", "stream")).matches("tried [0-9]+");
	}

	@Test
	void messagesWhenTheKernelRefusesOrDropsDescriptorsLeaveTheServerAlone() {
		assertThat(server.run("kernel-limits", "stream")).isEqualTo("EINVAL\nreply");
	}

	@Test
	void peersWhenKilledAtEveryByteLeaveNothing() {
		assertThat(server.run("die", "stream", 1)).matches("killed [0-9]+");
	}

	@Test
	void descriptorsOfEveryKindCostTheirRequestOnly() {
		assertThat(server.run("types", "stream")).matches("tried 1[0-9]");
	}

	@Test
	void fileWhenItShrinksWhileItIsReadIsHarmless() {
		assertThat(server.run("truncated", "stream", 2)).isEqualTo("reply\nreply");
	}

	@Test
	void cyclesOfConnectionsAreClosed() {
		assertThat(server.run("cycles", "brief", 50)).isEqualTo("sent 50");
	}

	@Test
	void tableWhenFullAgainAndAgainRecoversExactly() {
		assertThat(server.run("full", "stream", 4)).isEqualTo("recovered 4");
	}

	@Test
	void peersWhenTheySendByteByByteAreCutAndOthersServed() {
		try (PeerProcess slow = server.attackAsOther("slow", "brief", 100)) {
			server.assertServes("brief");
			assertThat(slow.readLine()).isEqualTo("cut 100");
		}
	}

	@Test
	void urgentByteDoesNotSwitchOffTheTimeLimit() {
		try (PeerProcess urgent = server.attack("urgent", "brief", 5)) {
			assertThat(urgent.readLine()).isEqualTo("closed 5");
		}
	}

	@Test
	void halfFramesOfOneUserCostThatUserOnly() {
		try (PeerProcess half = server.attackAsOther("half", "stream", 60, 16, 16)) {
			server.assertServes("stream");
			assertThat(server.descriptors()).hasSizeLessThan(HeldServer.TABLE - 100);
			assertThat(half.pid()).isPositive();
		}
	}

	@Test
	void framesWhenTheyAnnounceMoreThanTheLimitAreRefusedAtTheHeader() {
		try (PeerProcess half = server.attack("half", "stream", 60, 253, 253)) {
			server.assertServes("stream");
			server.awaitDescriptors(this.before);
			assertThat(half.pid()).isPositive();
		}
	}

	@Test
	void peersWhenTheyReadNoReplyHoldUpNobody() {
		try (PeerProcess deaf = server.attack("deaf", "stream", 10)) {
			server.assertServes("stream");
			assertThat(deaf.pid()).isPositive();
		}
	}

	@Test
	void peersWhenIdleHoldUpNobody() {
		try (PeerProcess idle = server.attackAsOther("idle", "stream", 100)) {
			server.assertServes("stream");
			assertThat(idle.pid()).isPositive();
		}
	}

}
