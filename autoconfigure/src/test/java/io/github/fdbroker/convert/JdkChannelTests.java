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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JdkChannels}, which require that {@code sun.nio.ch} is open.
 */
@Tag("jdk-channels")
class JdkChannelTests extends ChannelContract {

	@ParameterizedTest
	@ValueSource(strings = { "tcp-listening", "tcp6-listening", "unix-listening" })
	void selectorServesAcceptedConnections(String name) throws IOException {
		try (ServerSocketChannel server = server(name); Selector selector = Selector.open()) {
			server.configureBlocking(false);
			assertThat(server.accept()).isNull();
			server.register(selector, SelectionKey.OP_ACCEPT);
			try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
				assertThat(selector.select()).isOne();
				try (SocketChannel accepted = server.accept()) {
					accepted.configureBlocking(false).register(selector, SelectionKey.OP_READ);
					client.write(text("x"));
					selector.selectedKeys().clear();
					assertThat(selector.select()).isOne();
					assertThat(selector.selectedKeys()).first().extracting(SelectionKey::channel).isSameAs(accepted);
					assertThat(read(accepted)).isEqualTo("x");
				}
			}
		}
	}

	@Test
	void selectorServesConnectionThatArrived() throws IOException {
		try (ServerSocketChannel server = server("tcp-listening");
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel channel = connection(server);
				Selector selector = Selector.open()) {
			channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
			assertThat(channel.read(ByteBuffer.allocate(1))).isZero();
			client.write(text("x"));
			assertThat(selector.select()).isOne();
			assertThat(read(channel)).isEqualTo("x");
			assertThat(channel.socket().getPort()).isEqualTo(client.socket().getLocalPort());
		}
	}

	@Test
	void selectorServesDatagramsAndPipes() throws IOException {
		try (DatagramChannel datagrams = descriptors.get("udp6").into(DatagramChannel.class);
				Pipe.SourceChannel source = descriptors.get("pipe-read").into(Pipe.SourceChannel.class);
				Pipe.SinkChannel sink = descriptors.get("pipe-write").into(Pipe.SinkChannel.class);
				DatagramChannel peer = DatagramChannel.open();
				Selector selector = Selector.open()) {
			for (SelectableChannel channel : new SelectableChannel[] { datagrams, source }) {
				channel.configureBlocking(false).register(selector, SelectionKey.OP_READ);
			}
			sink.write(text("x"));
			selector.select();
			assertThat(selector.selectedKeys()).singleElement().extracting(SelectionKey::channel).isSameAs(source);
			source.read(ByteBuffer.allocate(1));
			selector.selectedKeys().clear();
			peer.send(text("y"), datagrams.getLocalAddress());
			selector.select();
			assertThat(selector.selectedKeys()).singleElement().extracting(SelectionKey::channel).isSameAs(datagrams);
			datagrams.receive(ByteBuffer.allocate(1));
			// The other holders of the pipe may rely on it to block.
			source.keyFor(selector).cancel();
			selector.selectNow();
			source.configureBlocking(true);
		}
	}

	@Test
	void checkHandOverWhenRegisteredRefusesUntilCancelled() throws IOException {
		try (ServerSocketChannel server = server("tcp-listening");
				SocketChannel client = SocketChannel.open(server.getLocalAddress());
				SocketChannel accepted = server.accept();
				Selector selector = Selector.open()) {
			SelectionKey key = client.configureBlocking(false).register(selector, SelectionKey.OP_READ);
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> FdSources.checkHandOver(client))
				.withMessageStartingWith("A SocketChannelImpl that is registered")
				.withMessageContaining("cancel its key and call selectNow()");
			key.cancel();
			selector.selectNow();
			FdSources.checkHandOver(client);
		}
	}

}
