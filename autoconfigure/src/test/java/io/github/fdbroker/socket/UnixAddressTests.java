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

package io.github.fdbroker.socket;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link UnixAddress}, and for abstract names as {@link SocketPath}s.
 */
class UnixAddressTests {

	@Test
	void ofWhenPathIsThePath() {
		UnixAddress address = UnixAddress.of("/run/a");
		assertThat(address.isAbstract()).isFalse();
		assertThat(address.name()).isEqualTo("/run/a".getBytes());
		assertThat(address).hasToString("/run/a");
	}

	@Test
	void ofWhenItBeginsWithAtIsAbstract() {
		UnixAddress address = UnixAddress.of("@a@b");
		assertThat(address.isAbstract()).isTrue();
		assertThat(address.name()).isEqualTo("\0a@b".getBytes());
		assertThat(address).hasToString("@a@b");
	}

	@Test
	void ofWhenEmptyThrows() {
		assertThatIllegalArgumentException().isThrownBy(() -> UnixAddress.of(""));
	}

	@Test
	void receivedWhenPathEndsAtItsZero() {
		assertThat(received("/run/a\0rest")).isEqualTo(UnixAddress.of("/run/a"));
		assertThat(received("/run/a")).isEqualTo(UnixAddress.of("/run/a"));
	}

	@Test
	void receivedWhenAbstractKeepsZeros() {
		assertThat(received("\0a\0")).isNotEqualTo(UnixAddress.of("@a")).hasToString("@a@");
	}

	@Test
	void receivedWhenNothingIsNone() {
		assertThat(received("")).isNull();
		assertThat(UnixAddress.receivedPadded(new byte[108])).isNull();
	}

	@Test
	void receivedPaddedWhenAbstractLosesZerosAtItsEnd() {
		assertThat(UnixAddress.receivedPadded("\0a\0b\0\0".getBytes())).hasToString("@a@b");
	}

	@Test
	void equalsComparesTheBytes() {
		assertThat(UnixAddress.of("@a")).isEqualTo(UnixAddress.of("@a"))
			.hasSameHashCodeAs(UnixAddress.of("@a"))
			.isNotEqualTo(UnixAddress.of("a"));
	}

	@Test
	void pathWhenAbstractStaysAsItIs() {
		SocketPath path = new SocketPath("name", Path.of("@a/../b"));
		assertThat(path.isAbstract()).isTrue();
		assertThat(path.bytes()).isEqualTo("\0a/../b".getBytes());
		assertThat(path).hasToString("'name' (@a/../b)");
	}

	@Test
	void pathWhenItOnlyContainsAtIsAFile() {
		assertThat(new SocketPath("name", Path.of("./@a")).isAbstract()).isFalse();
		assertThat(new SocketPath("name", Path.of("/@a")).isAbstract()).isFalse();
	}

	private static UnixAddress received(String name) {
		return UnixAddress.received(name.getBytes(StandardCharsets.ISO_8859_1));
	}

}
