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
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.PassedDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link InheritedDescriptor}, and for what is made of one:
 * {@link SharedServerSocket} and {@link SingleConnection}.
 */
class InheritedDescriptorTests {

	@TempDir
	Path directory;

	@Test
	void descriptorWhenNotOpenIsRefused() {
		for (int number : new int[] { -1, 1 << 20 }) {
			assertThatExceptionOfType(InheritedDescriptorException.class)
				.isThrownBy(() -> InheritedDescriptor.of(number))
				.withMessage("Descriptor " + number + " is not open in this process");
		}
	}

	@Test
	void descriptorWhenNoSocketSaysSoAndIsGivenOnce() throws IOException {
		FileDescriptor file = new FileInputStream("/dev/null").getFD();
		InheritedDescriptor inherited = InheritedDescriptor.of(PassedDescriptor.number(file));
		assertThatExceptionOfType(InheritedDescriptorException.class).isThrownBy(inherited::socket)
			.withMessageContaining("is not a socket");
		assertThat(inherited.isClaimed()).isFalse();
		assertThat(Descriptors.number(inherited.claim())).isEqualTo(inherited.number());
		assertThat(inherited.isClaimed()).isTrue();
		assertThat(inherited.isAvailable()).isFalse();
		assertThatIllegalStateException().isThrownBy(inherited::claim);
		inherited.close();
		Descriptors.close(FileDescriptors.of(inherited.number()));
	}

	@Test
	void listeningSocketWhenClaimedIsLentAgainAndAgain() throws IOException {
		InheritedDescriptor inherited = InheritedDescriptor.of(PassedDescriptor.number(listen()));
		assertThat(inherited.socket().listening()).isTrue();
		assertThat(inherited.path()).isEqualTo(path());
		for (int i = 0; i < 2; i++) {
			try (SharedServerSocket server = new SharedServerSocket("test", inherited.claim());
					SocketChannel client = connect()) {
				Descriptors.close(server.accept());
			}
		}
		inherited.close();
		assertThat(path()).exists();
	}

	@Test
	void serverWhenClosedLeavesSocketAndWaitingConnectionToOthers() throws Exception {
		InheritedDescriptor inherited = InheritedDescriptor.of(PassedDescriptor.number(listen()));
		SharedServerSocket stopping = new SharedServerSocket("test", inherited.claim());
		Background<FileDescriptor> waiting = Background.call(stopping::accept);
		stopping.close();
		assertThatExceptionOfType(Exception.class).isThrownBy(waiting::get)
			.withRootCauseInstanceOf(ClosedChannelException.class);
		assertThat(stopping.isOpen()).isFalse();
		try (SocketChannel early = connect();
				SharedServerSocket successor = new SharedServerSocket("test", inherited.claim())) {
			Descriptors.close(successor.accept());
		}
		inherited.close();
	}

	@Test
	void serversWhenTheyShareSocketEachWaitForTheirOwnConnections() throws Exception {
		InheritedDescriptor inherited = InheritedDescriptor.of(PassedDescriptor.number(listen()));
		try (SharedServerSocket one = new SharedServerSocket("test", inherited.claim());
				SharedServerSocket other = new SharedServerSocket("test", inherited.claim())) {
			Background<FileDescriptor> first = Background.call(one::accept);
			Background<FileDescriptor> second = Background.call(other::accept);
			try (SocketChannel client = connect(); SocketChannel another = connect()) {
				Descriptors.close(first.get());
				Descriptors.close(second.get());
			}
		}
		inherited.close();
	}

	@Test
	void connectionWhenClaimedIsAcceptedOnce() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		InheritedDescriptor inherited = InheritedDescriptor.of(PassedDescriptor.number(ends[0]));
		assertThat(inherited.socket().connected()).isTrue();
		assertThat(inherited.path()).isEqualTo(Path.of("/dev/fd/" + inherited.number()));
		try (SingleConnection single = new SingleConnection("test", inherited.claim())) {
			assertThat(single.isOpen()).isTrue();
			Descriptors.close(single.accept());
			assertThat(single.isOpen()).isFalse();
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(single::accept);
		}
		Descriptors.close(ends[1]);
	}

	@Test
	void connectionWhenAskedForAgainHasOneOwner() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		int number = PassedDescriptor.number(ends[0]);
		InheritedDescriptor passed = InheritedDescriptor.of(number);
		InheritedDescriptor configured = InheritedDescriptor.of(number);
		FileDescriptor connection = configured.claim();
		assertThat(passed.isClaimed()).isTrue();
		passed.close();
		assertThat(Descriptors.socketKind(connection).connected()).isTrue();
		Descriptors.close(connection);
		Descriptors.close(ends[1]);
	}

	@Test
	void ofWhenNumberWasGivenAwayAndMeansAnotherFileRefuses() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		int number = PassedDescriptor.number(ends[0]);
		Descriptors.close(InheritedDescriptor.of(number).claim());
		FileDescriptor reused = FileDescriptors.of(number);
		Kernel.calls().replace(ends[1], reused);
		assertThatExceptionOfType(InheritedDescriptorException.class).isThrownBy(() -> InheritedDescriptor.of(number))
			.withMessageContaining("Descriptor " + number + " was given away");
		assertThat(Descriptors.socketKind(reused).connected()).isTrue();
		Descriptors.close(reused);
		Descriptors.close(ends[1]);
	}

	@Test
	void connectionWhenNeverAcceptedIsClosed() throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		new SingleConnection("test", ends[0]).close();
		Descriptors.close(ends[1]);
	}

	private Path path() {
		return this.directory.resolve("socket");
	}

	private FileDescriptor listen() throws IOException {
		FileDescriptor socket = Kernel.calls().socket(SocketType.STREAM);
		Kernel.calls().bind(socket, SocketPath.bytes(path()));
		Kernel.calls().listen(socket, 8);
		return socket;
	}

	private SocketChannel connect() throws IOException {
		return SocketChannel.open(UnixDomainSocketAddress.of(path()));
	}

}
