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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.testsupport.Background;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A channel created from a descriptor does not affect the other holders of the open file,
 * and its calls wait whether or not the holders have set {@code O_NONBLOCK}.
 */
abstract class SharedFileContract {

	private Holder holder;

	private String flags;

	@AfterEach
	void stop() throws IOException {
		if (this.holder != null) {
			this.holder.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void acceptWaitsAndLeavesSocketAsItIs(boolean blocking) throws Exception {
		assertShared(start("tcp-listening", blocking, false), ServerSocketChannel.class, "feed", "use", (channel) -> {
			SocketChannel accepted = channel.accept();
			assertThat(accepted.isBlocking()).isTrue();
			return accepted;
		});
	}

	@ParameterizedTest
	@CsvSource({ "tcp, true", "tcp, false", "unix, true", "unix, false" })
	void readOfConnectionWaitsAndLeavesItAsItIs(String kind, boolean blocking) throws Exception {
		assertShared(start(kind, blocking, false), SocketChannel.class, "feed", "use", SharedFileContract::read);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void writeToFullConnectionWaitsAndLeavesItAsItIs(boolean blocking) throws Exception {
		assertShared(start("unix", blocking, true), SocketChannel.class, "drain", "write", SharedFileContract::write);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void receiveWaitsAndLeavesSocketAsItIs(boolean blocking) throws Exception {
		assertShared(start("udp", blocking, false), DatagramChannel.class, "feed", "use", (channel) -> {
			assertThat(channel.receive(ByteBuffer.allocate(1))).isEqualTo(channel.getRemoteAddress());
			return null;
		});
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void readOfDatagramsWaitsAndLeavesSocketAsItIs(boolean blocking) throws Exception {
		assertShared(start("udp", blocking, false), DatagramChannel.class, "feed", "use", SharedFileContract::read);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void readOfPipeWaitsAndLeavesItAsItIs(boolean blocking) throws Exception {
		assertShared(start("pipe-read", blocking, false), Pipe.SourceChannel.class, "feed", "use",
				SharedFileContract::read);
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void writeToFullPipeWaitsAndLeavesItAsItIs(boolean blocking) throws Exception {
		assertShared(start("pipe-write", blocking, true), Pipe.SinkChannel.class, "drain", "write",
				SharedFileContract::write);
	}

	/**
	 * Check the flags at each step: made, waiting, served, closed.
	 * @param enable what the holder does so that the call need not wait
	 * @param use what the holder does with its own descriptor
	 */
	private <C extends SelectableChannel> void assertShared(OwnedFd received, Class<C> type, String enable, String use,
			Call<C> call) throws Exception {
		try (C channel = received.into(type)) {
			assertThat(channel.isBlocking()).isTrue();
			assertUnchanged(use);
			Background<Closeable> waiting = Background.call(() -> call.on(channel)).awaitInKernel();
			assertUnchanged(use);
			this.holder.run(enable);
			try (Closeable result = waiting.get()) {
				assertThat(this.holder.flags()).isEqualTo(this.flags);
			}
		}
		this.holder.call(enable);
		this.holder.run(use);
		assertThat(this.holder.flags()).isEqualTo(this.flags);
	}

	private void assertUnchanged(String use) {
		assertThat(this.holder.flags()).isEqualTo(this.flags);
		if ((Integer.decode(this.flags) & 04000) != 0) {
			assertThat(this.holder.call(use)).isEqualTo("would block");
		}
	}

	final Holder holder() {
		return this.holder;
	}

	final OwnedFd start(String kind, boolean blocking, boolean full) throws IOException {
		this.holder = Holder.start(kind, blocking, full);
		OwnedFd received = this.holder.receive();
		this.flags = this.holder.flags();
		return received;
	}

	private static Closeable read(ReadableByteChannel channel) throws IOException {
		assertThat(channel.read(ByteBuffer.allocate(1))).isOne();
		return null;
	}

	private static Closeable write(WritableByteChannel channel) throws IOException {
		assertThat(channel.write(ByteBuffer.allocate(1))).isOne();
		return null;
	}

	/**
	 * A call that blocks.
	 *
	 * @param <C> the type of the channel
	 */
	interface Call<C> {

		Closeable on(C channel) throws IOException;

	}

}
