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

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a broker and a child in C, which knows nothing but bytes and descriptors, send to
 * each other.
 */
class RawChildTests {

	@TempDir
	Path directory;

	@Test
	void requestWhenChildRepliesGivesDescriptorsBothWays() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"));
					FdMessage reply = child.message()
						.payload("files")
						.descriptor(file("first"))
						.descriptor(file("second"))
						.request()) {
				assertThat(reply.text()).isEqualTo("files with 2: first second");
				assertThat(reply.descriptors()).hasSize(2);
				try (FileInputStream second = reply.descriptor(1).into(FileInputStream.class)) {
					assertThat(second.readAllBytes()).asString().isEqualTo("second");
				}
			}
		});
	}

	@Test
	void requestWhenSeveralWaitTheyTakeTurns() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				List<Background<String>> replies = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					String text = "request " + i;
					replies.add(Background.call(() -> child.message().payload(text).requestPayload(String.class)));
				}
				for (int i = 0; i < 8; i++) {
					assertThat(replies.get(i).get()).isEqualTo("request " + i + " with 0:");
				}
			}
		});
	}

	@Test
	void requestWhenReplyTakesTooLongEndsTheConnection() {
		with((children) -> {
			ProcessBuilder sleeping = new ProcessBuilder("sh", "-c", "exec sleep 600");
			try (FdChild child = children.start("worker", sleeping)) {
				assertThatExceptionOfType(FdTimeoutException.class)
					.isThrownBy(() -> child.message().payload("x").timeout(Duration.ofMillis(50)).request());
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("y").request());
				assertThat(child.receive()).isNull();
				child.process().destroy();
			}
		});
	}

	@Test
	void requestWhenInterruptedEndsTheConnectionWhoseReplyIsStillToCome() {
		with((children) -> {
			ProcessBuilder sleeping = new ProcessBuilder("sh", "-c", "exec sleep 600");
			try (FdChild child = children.start("worker", sleeping)) {
				Background<FdMessage> request = Background.call(() -> child.message().payload("x").request())
					.awaitWaiting();
				request.interrupt();
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(request::get)
					.withMessageContaining("Interrupted while waiting for a reply");
				Awaitility.await().until(() -> !child.isOpen());
				child.process().destroy();
			}
		});
	}

	@Test
	void requestWhenItCannotBeSentLeavesTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThatExceptionOfType(FdConversionException.class)
					.isThrownBy(() -> child.message().descriptor(new Object()).request());
				assertThat(child.message().payload("next").requestPayload(String.class)).isEqualTo("next with 0:");
			}
		});
	}

	@Test
	void sendAsyncWhenChildTakesMessagesSendsThemInOrder() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				for (int i = 0; i < 3; i++) {
					CompletableFuture<Void> sent = child.message()
						.payload("message " + i)
						.descriptor(file("file" + i))
						.sendAsync()
						.toCompletableFuture();
					assertThat(sent).succeedsWithin(20, TimeUnit.SECONDS);
					try (FdMessage reply = child.receive()) {
						assertThat(reply.text()).isEqualTo("message " + i + " with 1: file" + i);
					}
				}
			}
		});
	}

	@Test
	void sendAsyncWhenChildIsGoneFails() {
		with((children) -> {
			try (FdChild child = children.start("worker", new ProcessBuilder("true"))) {
				assertThat(child.receive()).isNull();
				assertThat(child.message().payload("x").sendAsync()).failsWithin(20, TimeUnit.SECONDS)
					.withThrowableThat()
					.withMessageContaining("Connection with child 'worker', process " + child.process().pid());
			}
		});
	}

	@Test
	void handlerWhenChildAsksRepliesWithDescriptor() {
		with((children) -> {
			List<String> asked = new ArrayList<>();
			ProcessBuilder command = command("send", file("one"), file("two"));
			try (FdChild child = children.start("worker", command, (message, sender) -> {
				asked.add(message.text() + " " + message.descriptors().size());
				return OutgoingFdMessage.builder().payload("from Java").descriptor(file("lent")).build();
			})) {
				assertThat(Children.output(child)).isEqualTo("from Java with 1: lent\n");
				assertThat(asked).containsExactly("from C 2");
			}
		});
	}

	@Test
	void handlerWhenItThrowsEndsTheConnection() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("send", file("one")), (message, sender) -> {
				throw new IOException("no luck");
			})) {
				assertThat(Children.output(child)).isEqualTo("end\n");
			}
		});
	}

	@Test
	void receiveWhenChildSendsGivesItsMessageAndSendReplies() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("send", file("one")));
					FdMessage message = child.receive()) {
				assertThat(message.text()).isEqualTo("from C");
				try (FileInputStream file = message.descriptor(0).into(FileInputStream.class)) {
					assertThat(file.readAllBytes()).asString().isEqualTo("one");
				}
				child.message().payload("seen").send();
				assertThat(Children.output(child)).isEqualTo("seen with 0:\n");
				assertThat(child.receive()).isNull();
			}
		});
	}

	@Test
	void requestWhenChildClosesItsEndFailsAtOnce() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("stop"))) {
				assertThatExceptionOfType(FdConnectException.class)
					.isThrownBy(() -> child.message().payload("x").descriptor(file("one")).request())
					.withMessageContaining("Connection with child 'worker', process " + child.process().pid());
				assertThat(child.process().isAlive()).isTrue();
				assertThat(child.receive()).isNull();
				child.process().destroy();
			}
		});
	}

	private ProcessBuilder command(Object... arguments) {
		return new ProcessBuilder(Peers.compiled("child.c", arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	private Path file(String content) throws IOException {
		return Children.file(this.directory, content);
	}

	private void with(Children.Use use) {
		Children.with(this.directory, use, "format=raw");
	}

}
