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

package io.github.fdbroker.listener;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.Background;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DescriptorQuota}.
 */
class DescriptorQuotaTests {

	@Test
	void awaitUserWhenThereIsNeverRoomReturnsAfterItsPatience() throws Exception {
		DescriptorQuota quota = new DescriptorQuota(1, 1, 1, null, Duration.ofMillis(20));
		assertThat(Background.run(() -> quota.awaitUser(() -> false)).get()).isTrue();
	}

	@Test
	void awaitUserWhenItsThreadIsInterruptedWaitsOnAndLeavesItInterrupted() throws Exception {
		DescriptorQuota quota = new DescriptorQuota(1, 1, 1, null, Duration.ofMillis(20));
		assertThat(Background.run(() -> {
			Thread.currentThread().interrupt();
			quota.awaitUser(() -> false);
			assertThat(Thread.interrupted()).isTrue();
		}).get()).isTrue();
	}

}
