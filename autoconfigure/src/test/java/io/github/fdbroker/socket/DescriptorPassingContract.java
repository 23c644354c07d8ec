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

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Descriptors arrive as they were sent, and belong to whoever received them.
 */
interface DescriptorPassingContract extends TransportContract {

	@ParameterizedTest
	@ValueSource(ints = { 1, 60, 61, 100, 253 })
	default void sendWhenManyDescriptorsAllArriveInOrder(int count) throws IOException {
		List<FileDescriptor> files = IntStream.range(0, count).mapToObj((i) -> OpenFiles.create("file " + i)).toList();
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("x", files.toArray(FileDescriptor[]::new));
			try (Arrival received = pair.receive(10)) {
				assertThat(received.text()).isEqualTo("x");
				assertThat(received.contents()).isEqualTo(files.stream().map(OpenFiles::content).toList());
			}
		}
		finally {
			Descriptors.close(files);
		}
	}

	@Test
	default void sendWhenMoreThanTheKernelPassesThrowsAndSendsNothing() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			ByteBuffer data = MessageSocketPair.bytes("x");
			List<FileDescriptor> tooMany = Collections.nCopies(transport().maxDescriptors() + 1, pair.senderSocket());
			assertThatIOException().isThrownBy(() -> pair.sender().send(data, tooMany));
			assertThat(data.position()).isZero();
			pair.send("next");
			assertThat(pair.receive(10)).isEqualTo(new Arrival("next", List.of()));
		}
	}

	@Test
	default void sendWhenDescriptorClosedThrowsAndSendsNothing() throws IOException {
		FileDescriptor closed = OpenFiles.create("");
		Descriptors.close(closed);
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			assertThatIOException().isThrownBy(() -> pair.send("x", closed));
			pair.sender().close();
			assertThat(pair.receive(10).text()).isNull();
		}
	}

	@Test
	default void sendWhenMessageBeforeHadDescriptorsDoesNotRepeatThem() throws IOException {
		FileDescriptor file = OpenFiles.create("one");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("a", file);
			pair.send("b");
			try (Arrival first = pair.receive(10); Arrival second = pair.receive(10)) {
				assertThat(first.contents()).containsExactly("one");
				assertThat(second).isEqualTo(new Arrival("b", List.of()));
			}
		}
		finally {
			Descriptors.close(file);
		}
	}

	@Test
	default void receiveWhenMessagesQueuedKeepsTheirDescriptorsApart() throws IOException {
		List<FileDescriptor> files = IntStream.range(0, 3).mapToObj((i) -> OpenFiles.create("file " + i)).toList();
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("a", files.get(0), files.get(1));
			pair.send("b", files.get(2));
			try (Arrival first = pair.receive(10); Arrival second = pair.receive(10)) {
				assertThat(first.contents()).containsExactly("file 0", "file 1");
				assertThat(second.contents()).containsExactly("file 2");
			}
		}
		finally {
			Descriptors.close(files);
		}
	}

	@Test
	default void receiveWhenBufferPartlyFilledAddsToIt() throws IOException {
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("cde");
			ByteBuffer into = ByteBuffer.allocateDirect(4).put((byte) 'a').put((byte) 'b');
			pair.receiver().receive(into);
			assertThat(into.hasRemaining()).isFalse();
			assertThat(StandardCharsets.US_ASCII.decode(into.flip()).toString()).isEqualTo("abcd");
			assertThat(pair.receive(10).text()).isEqualTo("e");
		}
	}

	@Test
	default void receivedDescriptorsWhenConnectionClosedStayOpen() throws IOException {
		List<FileDescriptor> files = List.of(OpenFiles.create("one"), OpenFiles.create("two"));
		Arrival received;
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.send("x", files.toArray(FileDescriptor[]::new));
			received = pair.receive(10);
		}
		try (received) {
			Descriptors.close(files);
			assertThat(received.contents()).containsExactly("one", "two");
		}
	}

	@Test
	default void receivedDescriptorsAreCloseOnExec() throws IOException {
		withReceived(5, (received) -> {
			for (FileDescriptor descriptor : received) {
				assertThat(OpenFiles.flags(descriptor) & OpenFiles.CLOSE_ON_EXEC).isNotZero();
			}
		});
	}

	@Test
	default void receivedDescriptorsWhenNativeCodeStartsChildAreNotInherited(@TempDir Path directory) {
		Peers.require("gcc");
		withReceived(5, (received) -> {
			Path listing = directory.resolve("listing");
			NativeFork.run(directory, "ls -l /proc/self/fd > " + listing);
			assertThat(Files.readString(listing)).contains("listing").doesNotContain("(deleted)");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	default void receiveWhenSocketSharedLeavesItsBlockingModeAlone(boolean blocking) throws IOException {
		FileDescriptor[] shared = Kernel.calls().socketPair(SocketType.STREAM);
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			Descriptors.configureBlocking(shared[0], blocking);
			int before = OpenFiles.flags(shared[0]);
			pair.send("x", shared[0]);
			try (Arrival received = pair.receive(10)) {
				assertThat(OpenFiles.flags(shared[0])).isEqualTo(before);
				assertThat(OpenFiles.flags(received.descriptors().get(0)) & OpenFiles.NON_BLOCKING)
					.isEqualTo(before & OpenFiles.NON_BLOCKING);
			}
		}
		finally {
			Descriptors.close(List.of(shared));
		}
	}

	@Test
	default void receiveWhenFileReadHalfwayLeavesItsOffsetAlone(@TempDir Path directory) throws IOException {
		Path path = Files.writeString(directory.resolve("file"), "0123456789");
		try (MessageSocketPair pair = MessageSocketPair.open(transport());
				FileInputStream stream = new FileInputStream(path.toFile())) {
			stream.skipNBytes(4);
			pair.send("x", stream.getFD());
			try (Arrival received = pair.receive(10)) {
				assertThat(OpenFiles.offset(received.descriptors().get(0))).isEqualTo(4);
				assertThat(stream.read()).isEqualTo('4');
			}
		}
	}

	private void withReceived(int count, Check check) {
		FileDescriptor file = OpenFiles.create("content");
		try (MessageSocketPair pair = MessageSocketPair.open(transport())) {
			pair.sender().send(MessageSocketPair.bytes("x"), new ArrayList<>(Collections.nCopies(count, file)));
			try (Arrival received = pair.receive(10)) {
				assertThat(received.descriptors()).hasSize(count);
				Descriptors.close(file);
				check.accept(received.descriptors());
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Looks at descriptors.
	 */
	interface Check {

		void accept(List<FileDescriptor> received) throws IOException;

	}

}
