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

package io.github.fdbroker.system;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Errno}.
 */
class ErrnoTests {

	@ParameterizedTest
	@CsvSource({ "Too many open files, 24", "Too many open files in system, 23",
			"'Cannot run program \"x\": error=24, Too many open files', 24", "Address already in use, 98",
			"Protocol wrong type for socket, 91", "Connection refused, 111", "something else, 0", ", 0" })
	void ofWhenOnlyTextIsKnownReturnsNumber(String text, int errno) {
		assertThat(Errno.of(new IOException(text))).isEqualTo(errno);
	}

	@Test
	void ofWhenNumberIsKnownReturnsIt() {
		assertThat(Errno.of(Errno.exception("recvmsg", 7))).isEqualTo(7);
		assertThat(Errno.of(Errno.exception("sendmsg", Errno.EPERM))).isEqualTo(Errno.EPERM);
	}

	@Test
	void isTableFullKnowsBothLimits() {
		assertThat(Errno.isTableFull(Errno.exception("accept4", Errno.EMFILE))).isTrue();
		assertThat(Errno.isTableFull(Errno.exception("accept4", Errno.ENFILE))).isTrue();
		assertThat(Errno.isTableFull(new IOException("No such file or directory"))).isFalse();
		assertThat(Errno.isTableFull(new IOException())).isFalse();
	}

}
