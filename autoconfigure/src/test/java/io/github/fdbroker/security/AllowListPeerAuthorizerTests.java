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

package io.github.fdbroker.security;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.PeerCredentials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AllowListPeerAuthorizer}.
 */
class AllowListPeerAuthorizerTests {

	private final PeerAuthorizer authorizer = new AllowListPeerAuthorizer(Set.of(1000L, 4294967294L), Set.of(50L));

	@Test
	void isAllowedWhenUserOrGroupListed() {
		assertThat(isAllowed(1000, 1)).isTrue();
		assertThat(isAllowed(4294967294L, 1)).isTrue();
		assertThat(isAllowed(1, 50)).isTrue();
		assertThat(isAllowed(1, 1, 2L, 50L)).isTrue();
	}

	@Test
	void isAllowedWhenNotListedIsFalse() {
		assertThat(isAllowed(1, 1, 2L, 3L)).isFalse();
		assertThat(isAllowed(0, 0)).isFalse();
		assertThat(isAllowed(-2, 1)).isFalse();
	}

	@Test
	void isAllowedWhenNumberIsListedOfTheOtherKindIsFalse() {
		assertThat(isAllowed(50, 1000, 1000L)).isFalse();
	}

	@Test
	void isAllowedWhenListIsEmptyIsFalse() {
		PeerAuthorizer nobody = new AllowListPeerAuthorizer(Set.of(), Set.of());
		assertThat(nobody.isAllowed(new PeerCredentials(1, 0, 0, List.of(0L)), "test")).isFalse();
	}

	private boolean isAllowed(long uid, long gid, Long... groups) {
		return this.authorizer.isAllowed(new PeerCredentials(1, uid, gid, List.of(groups)), "test");
	}

}
