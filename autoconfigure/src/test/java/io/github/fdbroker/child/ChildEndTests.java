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

package io.github.fdbroker.child;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How connections to children end, and what is left of them: nothing.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChildEndTests {

	@TempDir
	Path directory;

	@Test
	void childWhenKilledFailsRequestsAndClosesTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("die").descriptor(Path.of("/dev/null")).request())
					.withMessageContaining("child 'worker', process " + child.process().pid() + " is closed: ");
				assertThat(child.process().waitFor()).isEqualTo(128 + 9);
				assertThat(child.receive()).isNull();
				Awaitility.await().until(() -> !child.isOpen());
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").send());
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").request());
			}
		});
	}

	@Test
	void childWhenItRepliesAndExitsItsReplyArrives() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"));
					FdMessage reply = child.message().payload("exit").request()) {
				assertThat(reply.text()).isEqualTo("last words");
				assertThat(child.receive()).isNull();
				assertThat(child.process().waitFor()).isEqualTo(3);
			}
		});
	}

	@Test
	void childrenWhenManySendGarbageAreLoggedAtBearableRate(CapturedOutput output) {
		with((children) -> {
			long start = System.nanoTime();
			for (int i = 0; i < 200; i++) {
				try (FdChild child = children.start("worker",
						new ProcessBuilder("sh", "-c", "printf 'this is no frame, but garbage' >&0"))) {
					Awaitility.await().until(() -> !child.isOpen());
				}
			}
			long seconds = 2 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
			assertThat(output.getOut().lines().filter((line) -> line.contains("child 'worker'"))).hasSizeBetween(1,
					(int) (10 * seconds));
		});
	}

	@Test
	void childWhenItExitsAtOnceClosesTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", new ProcessBuilder("true"))) {
				assertThat(child.receive()).isNull();
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").request());
				assertThat(child.process().waitFor()).isZero();
			}
		});
	}

	@Test
	void childWhenItExitsAndLeavesAnotherProcessWithItsEndClosesTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				long left = Long
					.parseLong(child.message().payload("leave a process behind").requestPayload(String.class));
				try {
					assertThat(child.receive()).isNull();
					assertThat(ProcessHandle.of(left)).as("it still has the child's end").isPresent();
				}
				finally {
					ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
				}
				assertThat(child.process().waitFor()).isZero();
			}
		});
	}

	@Test
	void sendWhenChildNeverReadsTimesOutAndClosesTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("deaf"))) {
				assertThatExceptionOfType(FdTimeoutException.class).isThrownBy(() -> {
					while (true) {
						child.message().payload(new byte[60_000]).descriptor(Path.of("/dev/null")).send();
					}
				}).withMessageContaining("took nothing for 200 ms").withMessageContaining("child 'worker'");
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").send());
				assertThat(child.receive()).isNull();
				assertThat(child.process().isAlive()).isTrue();
				child.process().destroyForcibly().waitFor();
			}
		}, "send-timeout=200ms");
	}

	@Test
	void childWhenItSendsWhatIsNoFrameIsCutOff() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("wrong"))) {
				assertThat(child.receive()).isNull();
				assertThat(child.process().waitFor()).as("it has seen the end").isZero();
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").request())
					.withMessageContaining("child 'worker'");
			}
		});
	}

	@Test
	void childWhenItSendsMoreThanAllowedIsCutOff() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("burst", 1))) {
				assertThat(child.receive()).isNull();
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").request())
					.withMessageContaining("see fdbroker.children.worker.max-descriptors");
			}
		}, "max-descriptors=0");
	}

	@Test
	void startWhenCommandDoesNotExistThrowsAndLeavesNothingOpen() {
		with((children) -> {
			ProcessBuilder command = new ProcessBuilder("/no/such/command", "x").redirectInput(new File("/dev/null"));
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> children.start("worker", command))
					.withMessageContaining("Child 'worker' cannot be started by [/no/such/command, x]")
					.withMessageContaining("No such file");
			}
			assertThat(command.redirectInput()).isEqualTo(Redirect.from(new File("/dev/null")));
		});
	}

	@Test
	void closeWhenRequestWaitsFailsItAndEndsTheChildsInput() {
		with((children) -> {
			FdChild child = children.start("worker", command("serve"));
			Background<FdMessage> request = Background.call(() -> child.message().payload("hold").request())
				.awaitWaiting();
			Background<FdMessage> receiver = Background.call(() -> child.receive()).awaitWaiting();
			child.close();
			assertThatExceptionOfType(java.util.concurrent.ExecutionException.class).isThrownBy(request::get)
				.withCauseInstanceOf(FdConnectException.class);
			assertThat(receiver.get()).isNull();
			assertThat(child.isOpen()).isFalse();
			assertThat(child.process().waitFor()).isZero();
			child.close();
		});
	}

	@Test
	void closeWhenMessagesWaitClosesTheirDescriptors() {
		with((children) -> {
			FdChild child = children.start("worker", command("burst", 50));
			try (FdMessage first = child.receive()) {
				OwnedFd taken = first.descriptor(0).dup();
				child.close();
				assertThat(taken.isOpen()).as("what was taken is not affected").isTrue();
				taken.close();
			}
			child.process().waitFor();
		}, "max-pending-messages=2");
	}

	@Test
	void contextWhenClosedEndsTheInputOfItsChildren() {
		AtomicReference<FdChild> started = new AtomicReference<>();
		AtomicReference<FdChildren> closed = new AtomicReference<>();
		CountDownLatch handling = new CountDownLatch(1);
		with((children) -> {
			closed.set(children);
			started.set(children.start("worker", command("serve"), (message, sender) -> {
				handling.countDown();
				return null;
			}));
			started.get().message().payload("x").send();
			assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();
		});
		assertThat(started.get().isOpen()).isFalse();
		assertThat(started.get().process().onExit().join().exitValue()).isZero();
		assertThatExceptionOfType(FdConnectException.class)
			.isThrownBy(() -> closed.get().start("worker", new ProcessBuilder("true")))
			.withMessage("The application is closed");
	}

	@Test
	void settingsWhenTheyMakeNoSenseFailTheStart() {
		TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.children.worker.max-pending-messages=0")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("fdbroker.children.worker.max-pending-messages"));
	}

	@Test
	void receiveWhenInterruptedStops() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				Thread.currentThread().interrupt();
				assertThatExceptionOfType(io.github.fdbroker.FdException.class)
					.isThrownBy(() -> child.receive(Duration.ofSeconds(20)))
					.withMessageContaining("Interrupted");
				assertThat(Thread.interrupted()).isTrue();
			}
		});
	}

	private static ProcessBuilder command(Object... arguments) {
		return new ProcessBuilder(Peers.python("child.py", arguments)).redirectError(Redirect.INHERIT);
	}

	private void with(Children.Use use, String... properties) {
		Children.with(this.directory, use, properties);
	}

}
