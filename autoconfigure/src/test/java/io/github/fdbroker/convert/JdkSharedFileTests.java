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

package io.github.fdbroker.convert;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for open files shared by the JDK's own channels.
 */
@Tag("jdk-channels")
class JdkSharedFileTests extends SharedFileContract {

	@Test
	void readWhenThreadIsVirtualSetsNonBlockingAsTheJdkDoes() throws Exception {
		VirtualThreads.assumeAvailable();
		try (SocketChannel channel = start("unix", true, false).into(SocketChannel.class)) {
			holder().run("feed");
			VirtualThreads.start(() -> assertThat(channel).satisfies((read) -> read.read(ByteBuffer.allocate(1))), "v")
				.join();
			assertThat(Integer.decode(holder().flags()) & 04000).isNotZero();
		}
	}

}
