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

package io.github.fdbroker.test;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.convert.DescriptorFactory;

import static io.github.fdbroker.test.FdTest.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdTest} and the assertions.
 */
class FdTestTests {

	@TempDir
	Path directory;

	@Test
	void descriptorWhenMadeIsRealFile() throws IOException {
		try (OwnedFd descriptor = FdTest.descriptor("content")) {
			assertThat(descriptor).isOpen().hasType(FdKind.Type.FILE).isReadOnly().hasContent("content");
			FileInputStream stream = descriptor.into(FileInputStream.class);
			assertThat(new String(stream.readAllBytes())).isEqualTo("content");
			stream.close();
			assertThat(descriptor).isClosed();
		}
	}

	@Test
	void pipeAndSocketPairWhenWrittenAreRead() throws IOException {
		try (DescriptorFactory.Pipe pipe = FdTest.pipe();
				DescriptorFactory.SocketPair pair = FdTest.socketPair(SocketType.STREAM);
				FileOutputStream out = pipe.sink().into(FileOutputStream.class);
				SocketChannel first = pair.first().into(SocketChannel.class)) {
			out.write("text".getBytes());
			assertThat(pipe.source()).hasType(FdKind.Type.PIPE).hasContent("text");
			first.write(ByteBuffer.wrap("more".getBytes()));
			assertThat(pair.second()).isSocket(SocketType.STREAM).hasContent("more");
		}
	}

	@Test
	void messageWhenMadeIsAsReceived() throws IOException {
		try (OwnedFd one = FdTest.descriptor("1");
				FdMessage message = FdTest.message(OutgoingFdMessage.builder()
					.payload(new Order(5))
					.header("item", "x")
					.descriptor("first", one)
					.descriptor(Path.of("/dev/null"))
					.build())) {
			assertThat(message).hasHeader("item", "x").hasDescriptors(2).descriptor("first").hasContent("1");
			assertThat(message).descriptor(1).hasType(FdKind.Type.CHARACTER_DEVICE).refersTo(Path.of("/dev/null"));
			assertThat(message).payload(Order.class).isEqualTo(new Order(5));
			assertThat(new Receiver().receive(message)).isEqualTo("5: 1");
			assertThat(one).isOpen();
		}
	}

	@Test
	void messageWhenOneSourceIsNoneLeavesNothingOpen() {
		try (OwnedFd one = FdTest.descriptor("1")) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> FdTest.message("x", one, "text"));
		}
	}

	@Test
	void assertionsWhenWrongSayWhatIs() throws IOException {
		try (OwnedFd one = FdTest.descriptor("content"); FdMessage message = FdTest.message("payload", one)) {
			assertFails(message, (m) -> assertThat(m).hasPayload("x"), "Expected the payload 'x', but it is 'payload'");
			assertFails(message, (m) -> assertThat(m).hasPayload(new byte[0]), "Expected the payload []");
			assertFails(message, (m) -> assertThat(m).hasHeader("a", "b"), "the headers are {}");
			assertFails(message, (m) -> assertThat(m).hasDescriptors(2), "Expected 2 descriptors, but there are 1");
			assertFails(message, (m) -> assertThat(m).descriptor("a"), "Expected a descriptor named 'a'");
			assertFails(message, (m) -> assertThat(m).descriptor(1), "Expected a descriptor 1, but there are 1");
			assertFails(message, (m) -> assertThat(m).descriptor(0).hasContent("x"),
					"[descriptor 0] Expected the content 'x', but it is 'content'");
			assertFails(message, (m) -> assertThat(m).descriptor(0).hasType(FdKind.Type.PIPE),
					"Expected a descriptor of type PIPE, but it is a regular file, open for reading");
			assertFails(message, (m) -> assertThat(m).descriptor(0).hasAccess(FdKind.Access.WRITE),
					"Expected the access mode WRITE");
			assertFails(message, (m) -> assertThat(m).descriptor(0).isSocket(SocketType.STREAM), "Expected a socket");
			assertFails(message, (m) -> assertThat(m).descriptor(0).refersTo(this.directory), "is one of");
			assertFails(message, (m) -> assertThat(m).descriptor(0).isClosed(), "Expected the descriptor to be closed");
			assertFails(message, (m) -> assertThat(m).isError(), "Expected an error, but received a message");
			assertFails(message, (m) -> assertThat(m).isClosed(), "Expected the connection to be closed");
			assertFails(message, (m) -> assertThat(m).isFromUser(0), "Expected a sender with uid 0");
		}
	}

	private static void assertFails(FdMessage message, Consumer<FdMessage> assertion, String text) {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertion.accept(message))
			.withMessageContaining(text);
	}

	record Order(int id) {

	}

	/**
	 * A class with a method that is tested without a socket.
	 */
	private static final class Receiver {

		String receive(FdMessage message) throws IOException {
			try (FileInputStream file = message.descriptor("first").orElseThrow().into(FileInputStream.class)) {
				return message.payload(Order.class).id() + ": " + new String(file.readAllBytes());
			}
		}

	}

}
