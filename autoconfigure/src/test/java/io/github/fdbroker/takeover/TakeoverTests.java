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

package io.github.fdbroker.takeover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.RawPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the take-over of the sockets of listeners, with real processes.
 */
class TakeoverTests {

	private static final int DATAGRAMS = 5000;

	@TempDir
	Path directory;

	private final List<PeerProcess> processes = new ArrayList<>();

	@AfterEach
	void end() {
		this.processes.forEach(PeerProcess::close);
	}

	@Test
	void requestsWhenProcessesTakeOverAreAllServedAndStateGoesAlong() throws Exception {
		PeerProcess first = startReady();
		assertThat(ask("count")).isEqualTo("1 REPLY 1");
		assertThat(ask("memory")).isEqualTo("1 REPLY created");
		Object file = Files.getAttribute(socket(), "unix:ino");
		try (Requests requests = new Requests(this.directory)) {
			PeerProcess second = startReady();
			second.awaitLine("event COMPLETED");
			assertThat(first.readAll()).contains("event BEGUN", "event PASSED", "event READY", "event SERVING",
					"event RELEASED", "event COMPLETED");
			assertThat(first.awaitExit()).isZero();
			PeerProcess third = startReady();
			third.awaitLine("event COMPLETED");
			assertThat(second.awaitExit()).isZero();
			await().until(() -> requests.processes().contains("1 REPLY " + third.pid()));
			assertThat(requests.failures()).isEmpty();
			assertThat(requests.processes()).hasSize(3);
			assertThat(ask("count")).isEqualTo("1 REPLY 2");
			assertThat(ask("memory")).isEqualTo("1 REPLY kept");
			assertThat(Files.getAttribute(socket(), "unix:ino")).isEqualTo(file);
			assertThat(Files.readString(this.directory.resolve("handoff.lock"))).isEqualTo(third.pid() + "\n");
			requests.close();
			third.terminate();
		}
		assertThat(this.directory.resolve("control")).isEmptyDirectory();
		assertThat(this.directory).isDirectoryNotContaining("glob:**/handoff*");
	}

	@Test
	void datagramsWhenProcessesTakeOverAreEachReceivedOnce() throws Exception {
		PeerProcess old = startReady();
		Thread sender = new Thread(this::sendDatagrams);
		sender.start();
		PeerProcess second = startReady();
		second.awaitLine("event COMPLETED");
		assertThat(old.awaitExit()).isZero();
		sender.join();
		List<String> sent = IntStream.range(0, DATAGRAMS).mapToObj(String::valueOf).toList();
		await()
			.untilAsserted(() -> assertThat(Files.readAllLines(received())).containsExactlyInAnyOrderElementsOf(sent));
	}

	private void sendDatagrams() {
		try (FdDatagramSocket socket = FdDatagramSocket.open("test", TransportMode.AUTO.select(),
				Duration.ofSeconds(10))) {
			for (int i = 0; i < DATAGRAMS; i++) {
				byte[] text = String.valueOf(i).getBytes(StandardCharsets.US_ASCII);
				socket.send(ByteBuffer.allocateDirect(text.length).put(text).flip(), List.of(),
						UnixAddress.of(this.directory.resolve("datagrams").toString()));
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
		}
	}

	private Path received() {
		return this.directory.resolve("received");
	}

	@Test
	void newProcessWhenItFailsLeavesTheOldOneServing() throws Exception {
		PeerProcess old = startReady();
		try (Requests requests = new Requests(this.directory)) {
			PeerProcess failing = start("--failure=exception");
			old.awaitLine("event FAILED");
			assertThat(failing.awaitExit()).isOne();
			PeerProcess killed = start("--failure=hang");
			killed.awaitLine("hangs");
			killed.kill();
			old.awaitLine("event FAILED");
			PeerProcess slow = start("--failure=hang");
			old.awaitLine("event FAILED");
			slow.awaitExit();
			assertThat(requests.failures()).isEmpty();
			assertThat(requests.processes()).containsExactly("1 REPLY " + old.pid());
		}
	}

	@Test
	void oldProcessWhenStoppedLeavesItsSocketsToTheNewOne() throws Exception {
		PeerProcess old = startReady();
		Object file = Files.getAttribute(socket(), "unix:ino");
		Path proceed = this.directory.resolve("proceed");
		PeerProcess second = start("--await=" + proceed);
		second.awaitLine("waits");
		assertThat(old.terminate()).isEqualTo(128 + 15);
		Files.createFile(proceed);
		second.awaitLine("event COMPLETED");
		assertThat(ask("pid")).isEqualTo("1 REPLY " + second.pid());
		assertThat(Files.getAttribute(socket(), "unix:ino")).isEqualTo(file);
		assertThat(Files.readString(this.directory.resolve("handoff.lock"))).isEqualTo(second.pid() + "\n");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void newProcessWhenItEndsBeforeTheOldOneLeavesThatServing(boolean killed) throws Exception {
		PeerProcess old = startReady("--unfinished=true");
		try (Requests requests = new Requests(this.directory)) {
			PeerProcess second = startReady("--unfinished=true");
			second.awaitLine("event RELEASED");
			await().until(() -> requests.processes().contains("1 REPLY " + second.pid()));
			if (killed) {
				requests.close();
				second.kill();
			}
			else {
				second.terminate();
			}
			assertThat(old.awaitLine("event TAKEN_BACK")).isNotNull();
			await().until(() -> ask("pid").equals("1 REPLY " + old.pid()));
			assertThat(requests.failures()).isEmpty();
		}
		await().until(() -> Files.readString(this.directory.resolve("handoff.lock")).equals(old.pid() + "\n"));
		startReady("--unfinished=true").awaitLine("event RELEASED");
	}

	@Test
	void oldProcessWhenItCannotAcceptAgainTriesUntilItCan() throws Exception {
		PeerProcess old = startReady("--unfinished=true", "--unfinished-failures=3");
		PeerProcess second = startReady("--unfinished=true");
		second.awaitLine("event RELEASED");
		second.kill();
		for (int i = 0; i < 3; i++) {
			old.awaitLine("UnfinishedConnection cannot accept connections again");
		}
		old.awaitLine("taken back");
		assertThat(ask("pid")).isEqualTo("1 REPLY " + old.pid());
		startReady("--unfinished=true").awaitLine("event RELEASED");
	}

	@Test
	void oldProcessWhenItDoesNotFinishEndsAfterDrainTimeout() throws Exception {
		PeerProcess old = startReady("--unfinished=true", "--fdbroker.takeover.drain-timeout=2s");
		PeerProcess second = startReady("--unfinished=true", "--fdbroker.takeover.drain-timeout=2s");
		second.awaitLine("event COMPLETED");
		assertThat(old.awaitExit()).isZero();
		assertThat(ask("pid")).isEqualTo("1 REPLY " + second.pid());
	}

	@Test
	void newProcessWithoutSocketOfTheOldOneSaysWhatToDo() throws Exception {
		PeerProcess old = startReady("--fdbroker.sockets.further.path=" + this.directory.resolve("further"));
		PeerProcess other = start();
		assertThat(other.readAll()).contains(
				"serves sockets that this process is not configured for: [listener/further]",
				"Stop the old process and start this one, or configure the sockets");
		old.awaitLine("event FAILED");
		assertThat(ask("pid")).isEqualTo("1 REPLY " + old.pid());
	}

	@Test
	void secondNewProcessIsRefused() throws Exception {
		PeerProcess old = startReady();
		PeerProcess first = start("--failure=hang");
		first.awaitLine("hangs");
		assertThat(start().readAll())
			.contains("refuses to be taken over: Process " + first.pid() + " takes over at the moment");
		first.kill();
		old.awaitLine("event FAILED");
		startReady().awaitLine("event COMPLETED");
		assertThat(old.awaitExit()).isZero();
	}

	@Test
	void requestToLaunchStartsTheSameCommandLine() throws Exception {
		PeerProcess old = startReady();
		try (FdTestClient control = FdTestClient.to(this.directory.resolve("control/socket")).open()) {
			String outcome = control.request(ControlMessage.LAUNCH.request("")).message().text();
			assertThat(outcome).matches("process \\d+ serves");
			String pid = outcome.split(" ")[1];
			await().until(() -> ask("pid").equals("1 REPLY " + pid));
			ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroy();
		}
		assertThat(old.awaitExit()).isZero();
	}

	private PeerProcess startReady(String... arguments) throws IOException {
		PeerProcess process = start(arguments);
		process.awaitLine("ready");
		return process;
	}

	private PeerProcess start(String... arguments) throws IOException {
		PeerProcess process = PeerProcess
			.start(TakeoverApplication.command(this.directory, socket().toString(), arguments));
		this.processes.add(process);
		return process;
	}

	private Path socket() {
		return this.directory.resolve("handoff");
	}

	private String ask(String payload) {
		try (RawPeer peer = RawPeer.connect(this.directory)) {
			return peer.ask(1, payload);
		}
	}

}
