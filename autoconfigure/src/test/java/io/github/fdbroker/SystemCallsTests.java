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

import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.test.FdTestResult;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Strace;
import io.github.fdbroker.testsupport.Strace.Call;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.VirtualThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a whole process asks of the kernel with the native transport, and how it takes
 * refusals.
 */
class SystemCallsTests {

	private static final int WARM_UP = 500;

	private static final int MESSAGES = 200;

	/** What neither receiving nor sending takes. */
	private static final List<String> NEEDLESS = List.of("poll", "ppoll", "select", "pselect6", "epoll_ctl",
			"epoll_wait", "epoll_pwait", "fcntl", "ioctl", "getsockopt", "setsockopt", "getsockname", "getpeername",
			"shutdown", "dup", "dup2", "dup3", "fstat", "newfstatat", "statx", "lseek");

	@TempDir
	Path directory;

	@Test
	void receiveWhenMessagesAreRawTakesOneCallAMessage() {
		Strace strace = new Strace(this.directory.resolve("trace"));
		try (Traced application = start(strace, "raw", false, "-e", "trace=%network,%desc");
				FdTestClient client = rawClient()) {
			for (int i = 0; i < WARM_UP + MESSAGES; i++) {
				client.send("x", FileDescriptor.in);
			}
			application.await(WARM_UP + MESSAGES);
		}
		List<Call> calls = lastOf(strace, "recvmsg");
		assertThat(count(calls, "recvmsg")).isEqualTo(MESSAGES);
		assertThat(count(calls, "close")).isEqualTo(MESSAGES);
		assertThat(calls).extracting(Call::name).doesNotContain("sendmsg").doesNotContainAnyElementsOf(NEEDLESS);
	}

	/**
	 * The numbers of a message may have a gap, where a file was open before the first.
	 */
	@Test
	void receiveWhenMessagesHaveSeveralDescriptorsClosesThemTogether() {
		Strace strace = new Strace(this.directory.resolve("trace"));
		try (Traced application = start(strace, "raw", false, "-e", "trace=%network,%desc,close_range");
				FdTestClient client = rawClient()) {
			Object[] descriptors = new Object[12];
			Arrays.fill(descriptors, FileDescriptor.in);
			for (int i = 0; i < WARM_UP + MESSAGES; i++) {
				client.send("x", descriptors);
			}
			application.await(WARM_UP + MESSAGES);
		}
		List<Call> calls = lastOf(strace, "recvmsg");
		assertThat(count(calls, "close_range")).isGreaterThanOrEqualTo(MESSAGES);
		assertThat(count(calls, "close_range") + count(calls, "close")).isLessThanOrEqualTo(3 * MESSAGES);
		assertThat(calls).extracting(Call::name).doesNotContain("sendmsg").doesNotContainAnyElementsOf(NEEDLESS);
	}

	@Test
	void requestWhenAnsweredTakesOneCallToReceiveAndOneToSend() {
		Strace strace = new Strace(this.directory.resolve("trace"));
		try (Traced application = start(strace, "frame", false, "-e", "trace=%network,%desc");
				FdTestClient client = TestApplication.client(this.directory)) {
			for (int i = 0; i < WARM_UP + MESSAGES; i++) {
				assertReturned(client);
			}
		}
		List<Call> calls = lastOf(strace, "sendmsg");
		assertThat(count(calls, "sendmsg")).isEqualTo(MESSAGES);
		assertThat(count(calls, "recvmsg")).isBetween(MESSAGES, MESSAGES + 1);
		assertThat(calls).extracting(Call::name).doesNotContainAnyElementsOf(NEEDLESS);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void callsWhenThreadsAreVirtualNeverWaitInTheKernel() {
		Strace strace = new Strace(this.directory.resolve("trace"));
		try (Traced application = start(strace, "frame", true, "-e", "trace=recvmsg,sendmsg")) {
			List<FdTestClient> clients = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				clients.add(TestApplication.client(this.directory));
			}
			for (int i = 0; i < 20 * 20; i++) {
				assertReturned(clients.get(i % 20));
			}
			clients.forEach(FdTestClient::close);
		}
		assertThat(strace.calls()).filteredOn((call) -> call.name().endsWith("msg"))
			.hasSizeGreaterThan(2 * 20 * 20)
			.filteredOn((call) -> !call.rest().contains("MSG_DONTWAIT"))
			.as("those of the probe of the transport, by the thread that starts the application")
			.allMatch((call) -> call.rest().contains("msg_iov=[{iov_base=\"\\0\", iov_len=1}]"));
	}

	@ParameterizedTest
	@CsvSource({ "recvmsg, EINTR, false", "recvmsg, EAGAIN, false", "sendmsg, EINTR, false", "sendmsg, EAGAIN, false",
			"recvmsg, EINTR, true", "sendmsg, EAGAIN, true" })
	void messagesWhenCallsAreRefusedNowAndThenAllArriveWithTheirDescriptors(String call, String error,
			boolean virtual) {
		if (virtual) {
			VirtualThreads.assumeAvailable();
		}
		Strace strace = new Strace(this.directory.resolve("trace"));
		try (Traced application = start(strace, "frame", virtual, "-e", "trace=" + call, "-e",
				"inject=" + call + ":error=" + error + ":when=3+4");
				FdTestClient client = TestApplication.client(this.directory)) {
			for (int i = 0; i < 100; i++) {
				assertReturned(client);
			}
		}
		assertThat(strace.calls()).filteredOn((one) -> one.rest().contains("INJECTED")).hasSizeGreaterThan(10);
	}

	@EachTransport
	void acceptWhenConnectionsAreAbortedAcceptsTheNext(TransportMode transport) {
		Strace strace = new Strace(this.directory.resolve("trace"));
		List<String> command = ChildJvm.command(Application.class, this.directory, "frame", false, transport);
		try (Traced application = new Traced(PeerProcess.start(
				strace.command(command, "-e", "trace=accept4", "-e", "inject=accept4:error=ECONNABORTED:when=1..3")))) {
			for (int i = 0; i < 3; i++) {
				try (FdTestClient client = TestApplication.client(this.directory)) {
					assertReturned(client);
				}
			}
		}
		assertThat(strace.calls()).filteredOn((one) -> one.rest().contains("INJECTED")).hasSize(3);
	}

	private FdTestClient rawClient() {
		return FdTestClient.to(this.directory.resolve(TestApplication.SOCKET)).format("raw").open();
	}

	private static void assertReturned(FdTestClient client) {
		FdTestResult reply = client.request("back", FileDescriptor.in);
		assertThat(reply).hasPayload("back").hasDescriptors(1);
		reply.message().close();
	}

	private Traced start(Strace strace, String format, boolean virtual, String... options) {
		List<String> command = ChildJvm.command(Application.class, this.directory, format, virtual,
				TransportMode.NATIVE);
		return new Traced(PeerProcess.start(strace.command(command, options)));
	}

	/**
	 * Return the calls of the thread that made a call most often, from the one that
	 * begins the last messages.
	 */
	private static List<Call> lastOf(Strace strace, String name) {
		Map<String, List<Call>> threads = strace.calls().stream().collect(Collectors.groupingBy(Call::thread));
		List<Call> calls = threads.values()
			.stream()
			.filter((ofThread) -> count(ofThread, name) >= WARM_UP)
			.findFirst()
			.orElseThrow();
		int start = calls.size();
		for (int left = MESSAGES + 1; left > 0;) {
			start--;
			left -= calls.get(start).name().equals(name) ? 1 : 0;
		}
		int end = calls.size() - 1;
		while (!calls.get(end).name().equals(name)) {
			end--;
		}
		return calls.subList(start, end);
	}

	private static int count(List<Call> calls, String name) {
		return (int) calls.stream().filter((call) -> call.name().equals(name)).count();
	}

	/**
	 * An application that is traced.
	 *
	 * @param process strace, which ends with the application
	 */
	private record Traced(PeerProcess process) implements AutoCloseable {

		Traced {
			awaitLine(process, "ready");
		}

		void await(int messages) {
			awaitLine(this.process, messages + " messages");
		}

		private static void awaitLine(PeerProcess process, String line) {
			String printed = process.readLine();
			while (!line.equals(printed)) {
				assertThat(printed).as("before " + line).isNotNull();
				printed = process.readLine();
			}
		}

		@Override
		public void close() {
			this.process.writeLine("end");
			awaitLine(this.process, "end");
			while (this.process.readLine() != null) {
				// Until it has ended.
			}
			this.process.close();
		}

	}

	/**
	 * Serves a socket until it is told to end.
	 */
	static final class Application {

		private int messages;

		public static void main(String[] arguments) {
			TestApplication.with(Path.of(arguments[0]), Application.class, new Application())
				.withPropertyValues("fdbroker.sockets.handoff.format=" + arguments[1],
						"spring.threads.virtual.enabled=" + arguments[2], "fdbroker.transport=" + arguments[3])
				.run((context) -> {
					assertThat(context).hasNotFailed();
					System.out.println("ready");
					System.in.read();
				});
			System.out.println("end");
		}

		@FdListener(TestApplication.SOCKET)
		Object handle(FdMessage message) {
			if (message.text().equals("back")) {
				return OutgoingFdMessage.builder().payload("back").descriptor(message.descriptor(0)).build();
			}
			this.messages++;
			if (this.messages == WARM_UP + MESSAGES) {
				System.out.println(this.messages + " messages");
			}
			return null;
		}

	}

}
