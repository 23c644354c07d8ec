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

import org.junit.jupiter.api.Test;

import io.github.fdbroker.listener.ConnectionSlots.Slot;
import io.github.fdbroker.testsupport.Background;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionSlots}.
 */
class ConnectionSlotsTests {

	private final ConnectionSlots slots = new ConnectionSlots(3, 2);

	@Test
	void acquireWhenAllTakenWaitsForRelease() throws Exception {
		Slot first = acquire();
		acquire();
		acquire();
		Background<Slot> fourth = Background.call(this.slots::acquire).awaitWaiting();
		assertThat(fourth.isDone()).isFalse();
		first.release();
		assertThat(fourth.get()).isNotNull();
	}

	@Test
	void releaseWhenCalledAgainGivesNothingBack() throws Exception {
		Slot first = acquire();
		assertThat(first.assign(7)).isTrue();
		assertThat(acquire().assign(7)).isTrue();
		first.release();
		first.release();
		assertThat(acquire().assign(7)).isTrue();
		assertThat(acquire().assign(7)).isFalse();
		Background<Slot> another = Background.call(this.slots::acquire).awaitWaiting();
		assertThat(another.isDone()).isFalse();
		first.release();
		assertThat(another.isDone()).isFalse();
		this.slots.new Slot().release();
		assertThat(another.get()).isNotNull();
	}

	@Test
	void assignWhenUserHasAllItMayRefusesItAndNobodyElse() throws Exception {
		assertThat(acquire().assign(7)).isTrue();
		Slot second = acquire();
		assertThat(second.assign(7)).isTrue();
		Slot third = acquire();
		assertThat(third.assign(7)).isFalse();
		third.release();
		assertThat(acquire().assign(8)).isTrue();
		second.release();
		assertThat(acquire().assign(7)).isTrue();
	}

	/**
	 * Fails if that takes too long.
	 */
	private Slot acquire() throws Exception {
		return Background.call(this.slots::acquire).get();
	}

}
