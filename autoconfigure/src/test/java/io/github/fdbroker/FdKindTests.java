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

package io.github.fdbroker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdKind.Access;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.FdKind.Type;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdKind}.
 */
class FdKindTests {

	@ParameterizedTest
	@CsvSource({ "READ, true, false", "WRITE, false, true", "READ_WRITE, true, true", "NONE, false, false",
			"UNKNOWN, true, true" })
	void accessTellsWhatIsPossible(Access access, boolean readable, boolean writable) {
		FdKind kind = new FdKind(Type.FILE, access, null);
		assertThat(kind.isReadable()).isEqualTo(readable);
		assertThat(kind.isWritable()).isEqualTo(writable);
	}

	@Test
	void toStringWhenNotSocketTellsTypeAndAccess() {
		assertThat(new FdKind(Type.PIPE, Access.WRITE, null)).hasToString("a pipe, open for writing");
		assertThat(new FdKind(Type.UNKNOWN, Access.UNKNOWN, null)).hasToString("a descriptor of unknown type");
	}

	@ParameterizedTest
	@CsvSource({ "INET, STREAM, true, false, a listening TCP socket",
			"INET6, STREAM, false, true, a connected TCP socket",
			"INET6, DATAGRAM, false, false, an unconnected UDP socket",
			"UNIX, DATAGRAM, false, true, a connected UNIX datagram socket",
			"OTHER, STREAM, false, true, a connected foreign stream socket",
			"UNIX, SEQPACKET, true, false, a listening UNIX seqpacket socket",
			"OTHER, , false, false, a socket of a rare type" })
	void toStringWhenSocketTellsStateAndProtocol(Family family, SocketType type, boolean listening, boolean connected,
			String text) {
		assertThat(new FdKind(Type.SOCKET, Access.READ_WRITE, new SocketKind(family, type, listening, connected)))
			.hasToString(text);
	}

}
