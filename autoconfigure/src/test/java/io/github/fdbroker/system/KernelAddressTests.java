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
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdKind.Family;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KernelAddress}.
 */
class KernelAddressTests {

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 80, INET", "255.1.2.3, 65535, INET", "::1, 8080, INET6", "fe80::1:2, 443, INET6" })
	void decodeReturnsWhatWasEncoded(String host, int port, Family family) throws IOException {
		InetSocketAddress address = new InetSocketAddress(host, port);
		ByteBuffer encoded = KernelAddress.encode(address, family);
		assertThat(encoded.isDirect()).isTrue();
		assertThat(KernelAddress.family(encoded)).isEqualTo(family);
		assertThat(KernelAddress.decode(encoded)).isEqualTo(address);
	}

	@Test
	void encodeWhenSocketIsInet6MapsInet4() throws IOException {
		InetSocketAddress address = new InetSocketAddress("10.1.2.3", 53);
		ByteBuffer encoded = KernelAddress.encode(address, Family.INET6);
		assertThat(encoded.remaining()).isEqualTo(28);
		assertThat(encoded.getInt(16)).isEqualTo(0x0000ffff);
		assertThat(KernelAddress.decode(encoded)).isEqualTo(address);
	}

	@Test
	void decodeWhenUnixReadsPathUpToNul() throws IOException {
		assertThat(KernelAddress.decode(unix("/run/s\0rest"))).isEqualTo(UnixDomainSocketAddress.of("/run/s"));
		assertThat(KernelAddress.decode(unix("/run/\u00fc"))).isEqualTo(UnixDomainSocketAddress.of("/run/\u00fc"));
		assertThat(KernelAddress.family(unix("/run/s"))).isEqualTo(Family.UNIX);
	}

	@Test
	void decodeWhenUnixHasNoPathReturnsNull() throws IOException {
		assertThat(KernelAddress.decode(unix(""))).isNull();
		assertThat(KernelAddress.decode(unix("\0abstract"))).isNull();
	}

	@Test
	void decodeWhenFamilyIsForeignOrMissingReturnsNull() throws IOException {
		ByteBuffer netlink = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder()).putShort(0, (short) 16);
		assertThat(KernelAddress.decode(netlink)).isNull();
		assertThat(KernelAddress.family(netlink)).isEqualTo(Family.OTHER);
		assertThat(KernelAddress.decode(ByteBuffer.allocate(0))).isNull();
		assertThat(KernelAddress.family(ByteBuffer.allocate(1))).isEqualTo(Family.OTHER);
	}

	private static ByteBuffer unix(String path) {
		byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
		ByteBuffer address = ByteBuffer.allocate(2 + bytes.length).order(ByteOrder.nativeOrder());
		return address.putShort((short) 1).put(bytes).rewind();
	}

}
