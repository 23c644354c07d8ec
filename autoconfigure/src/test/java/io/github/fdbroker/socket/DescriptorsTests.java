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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.InetDatagrams;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.ReadinessWait;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link Descriptors}.
 */
class DescriptorsTests {

	private FileDescriptor file;

	private MessageSocketPair pair;

	@BeforeEach
	void open() throws IOException {
		this.file = OpenFiles.create("content");
		this.pair = MessageSocketPair.open(new JunixsocketTransport());
	}

	@AfterEach
	void close() {
		this.pair.close();
		Descriptors.close(this.file);
	}

	@Test
	void duplicateSharesFileAndIsCloseOnExec() throws IOException {
		FileDescriptor copy = Descriptors.duplicate(this.file);
		assertThat(Descriptors.number(copy)).isNotEqualTo(Descriptors.number(this.file));
		assertThat(OpenFiles.identity(copy)).isEqualTo(OpenFiles.identity(this.file));
		assertThat(OpenFiles.flags(copy) & OpenFiles.CLOSE_ON_EXEC).isNotZero();
		Descriptors.close(copy);
		assertThat(OpenFiles.content(this.file)).isEqualTo("content");
	}

	@Test
	void duplicateWhenClosedThrows() {
		Descriptors.close(this.file);
		assertThatIOException().isThrownBy(() -> Descriptors.duplicate(this.file));
	}

	@Test
	void closeWhenCalledAgainDoesNothing() {
		Descriptors.close(this.file);
		assertThat(Descriptors.number(this.file)).isEqualTo(-1);
		FileDescriptor next = OpenFiles.create("next");
		Descriptors.close(this.file);
		assertThat(OpenFiles.content(next)).isEqualTo("next");
		Descriptors.close(next);
	}

	@Test
	void closeWhenSocketIsSharedDoesNotShutItDown() throws IOException {
		FileDescriptor copy = Descriptors.duplicate(this.pair.senderSocket());
		this.pair.receiver().send(MessageSocketPair.bytes("x"), List.of());
		Descriptors.close(copy);
		this.pair.send("still connected");
		assertThat(this.pair.receive(100).text()).isEqualTo("still connected");
	}

	@Test
	void aliasHasTheSameNumber() {
		FileDescriptor alias = Descriptors.alias(this.file);
		assertThat(alias).isNotSameAs(this.file);
		assertThat(Descriptors.number(alias)).isEqualTo(Descriptors.number(this.file));
	}

	@Test
	void moveReplacesTargetAndInvalidatesDescriptor() throws IOException {
		FileDescriptor target = OpenFiles.create("target");
		int number = Descriptors.number(target);
		Descriptors.move(OpenFiles.create("moved"), target);
		assertThat(Descriptors.number(target)).isEqualTo(number);
		assertThat(OpenFiles.content(target)).isEqualTo("moved");
		Descriptors.close(target);
	}

	@Test
	void moveWhenTargetClosedThrowsAndLeavesDescriptor() {
		FileDescriptor closed = OpenFiles.create("");
		Descriptors.close(closed);
		assertThatIOException().isThrownBy(() -> Descriptors.move(closed, this.file));
		assertThat(OpenFiles.content(this.file)).isEqualTo("content");
	}

	@Test
	void replaceByDummyLeavesConnectionToOthers() throws IOException {
		FileDescriptor copy = Descriptors.duplicate(this.pair.senderSocket());
		Descriptors.detachConnection(copy);
		Descriptors.shutdown(copy, true, true);
		Descriptors.close(copy);
		this.pair.send("still connected");
		assertThat(this.pair.receive(100).text()).isEqualTo("still connected");
	}

	@Test
	void shutdownEndsTheDirectionsAskedFor() throws IOException {
		Descriptors.shutdown(this.pair.senderSocket(), false, true);
		assertThat(this.pair.receive(1).text()).isNull();
		this.pair.receiver().send(MessageSocketPair.bytes("back"), List.of());
		assertThat(MessageSocketPair.receive(this.pair.sender(), 10).text()).isEqualTo("back");
		Descriptors.shutdown(this.pair.senderSocket(), true, false);
		assertThat(MessageSocketPair.receive(this.pair.sender(), 10).text()).isNull();
	}

	@Test
	void acceptWhenNonBlockingAndNobodyWaitsReturnsInvalid(@TempDir Path directory) throws IOException {
		FileDescriptor listening = Kernel.calls().socket(SocketType.STREAM);
		Kernel.calls().bind(listening, SocketPath.bytes(directory.resolve("s")));
		Kernel.calls().listen(listening, 1);
		Descriptors.configureBlocking(listening, false);
		assertThat(Descriptors.accept(listening).valid()).isFalse();
		FileDescriptor client = Kernel.calls().socket(SocketType.STREAM);
		Kernel.calls().connect(client, SocketPath.bytes(directory.resolve("s")));
		FileDescriptor accepted = Descriptors.accept(listening);
		assertThat(OpenFiles.flags(accepted) & OpenFiles.CLOSE_ON_EXEC).isNotZero();
		Descriptors.close(List.of(accepted, client, listening));
	}

	@Test
	void configureBlockingChangesDescriptionOfAll() throws IOException {
		FileDescriptor copy = Descriptors.duplicate(this.pair.senderSocket());
		Descriptors.configureBlocking(copy, false);
		assertThat(OpenFiles.flags(this.pair.senderSocket()) & OpenFiles.NON_BLOCKING).isNotZero();
		Descriptors.configureBlocking(this.pair.senderSocket(), true);
		assertThat(OpenFiles.flags(copy) & OpenFiles.NON_BLOCKING).isZero();
		Descriptors.close(copy);
	}

	@Test
	void selfIsThisProcess() throws IOException {
		PeerCredentials self = Descriptors.self();
		assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
		assertThat(self.uid()).isEqualTo(((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue());
		assertThat(self.gid()).isEqualTo(((Number) Files.getAttribute(Path.of("/proc/self"), "unix:gid")).longValue());
	}

	@Test
	void selfWhenIdsDoNotFitSignedNumbersIsNotNegative() {
		OtherUser.assumeAvailable();
		List<String> command = new ArrayList<>(OtherUser.command(ChildJvm.command(Self.class)));
		command.replaceAll((argument) -> argument.replaceAll("=65534$", "=4294967294"));
		assertThat(Peers.run(command).output()).contains("uid 4294967294 gid 4294967294");
	}

	@Test
	void peerCredentialsWhenNoSocketThrows() {
		assertThatIOException().isThrownBy(() -> Descriptors.peerCredentials(this.file));
	}

	@Test
	void awaitWhenReadableReturnsTrueAndWhenClosedFalse() throws Exception {
		ReadinessWait wait = new ReadinessWait();
		this.pair.send("x");
		assertThat(wait.await(this.pair.receiverSocket())).isTrue();
		try (Arrival received = this.pair.receive(1)) {
			assertThat(received.text()).isEqualTo("x");
		}
		FutureTask<Boolean> waiting = new FutureTask<>(() -> wait.await(this.pair.receiverSocket()));
		Thread thread = new Thread(waiting, "readiness");
		thread.start();
		KernelWait.await(thread);
		wait.close();
		wait.close();
		assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void receiveFromAndSendToWhenNoSocketThrow() {
		assertThatIOException().isThrownBy(() -> InetDatagrams.receive(this.file, ByteBuffer.allocate(1)));
	}

	/**
	 * Tells who it is.
	 */
	static final class Self {

		private Self() {
		}

		public static void main(String[] arguments) {
			System.out.println(Descriptors.self());
		}

	}

}
