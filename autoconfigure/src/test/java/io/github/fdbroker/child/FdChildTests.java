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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a broker and a child in Python, whose standard input is a socket, send to each
 * other.
 */
class FdChildTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	Path directory;

	@Test
	void requestWhenChildRepliesGivesDescriptorsBothWays() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"));
					FdMessage reply = child.message()
						.payload("files")
						.header("who", "parent")
						.descriptor("a", file("first"))
						.descriptor(file("second"))
						.descriptor("c", file("third"))
						.request()) {
				assertThat(reply.text()).isEqualTo("files: a=first -=second c=third");
				assertThat(reply.headers()).containsEntry("who", "parent");
				assertThat(reply.descriptors()).hasSize(3);
				assertThat(reply.descriptor("c")).isPresent();
				assertThat(child.process().isAlive()).isTrue();
				assertThat(child).hasToString("Connection with child 'worker', process " + child.process().pid());
			}
		});
	}

	@Test
	void requestWhenOneThingIsWantedTakesIt() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"));
					FileInputStream back = child.message()
						.payload("file")
						.descriptor(file("content"))
						.requestDescriptor(FileInputStream.class)) {
				assertThat(back.getChannel().position()).as("the child has read it").isEqualTo(7);
				assertThat(child.message().payload("text").requestPayload(String.class)).isEqualTo("text: ");
			}
		});
	}

	@Test
	void requestWhenChildRepliesWithErrorThrowsAndConnectionGoesOn() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> child.message().payload("fail").request())
					.withMessage("Peer 'worker' replied with ChildError: as told");
				assertThat(ask(child, "again")).isEqualTo("again: ");
			}
		});
	}

	@Test
	void requestWhenReplyIsLateDropsItAndConnectionGoesOn() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThat(ask(child, "started")).isEqualTo("started: ");
				assertThatExceptionOfType(FdTimeoutException.class)
					.isThrownBy(() -> child.message().payload("hold").timeout(Duration.ofMillis(50)).request())
					.withMessageContaining("50 ms");
				assertThat(ask(child, "release")).isEqualTo("released");
				assertThat(ask(child, "again")).isEqualTo("again: ");
				assertThat(child.isOpen()).isTrue();
			}
		});
	}

	@Test
	void requestWhenSeveralWaitEachGetsItsOwnReply() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				List<Background<String>> held = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					held.add(Background.call(() -> ask(child, "hold")).awaitWaiting());
				}
				List<Background<String>> answered = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					String text = "request " + i;
					answered.add(Background.call(() -> ask(child, text)));
				}
				for (int i = 0; i < 8; i++) {
					assertThat(answered.get(i).get()).isEqualTo("request " + i + ": ");
				}
				assertThat(held).noneMatch(Background::isDone);
				assertThat(ask(child, "release")).isEqualTo("released");
				for (Background<String> request : held) {
					assertThat(request.get()).isEqualTo("held");
				}
			}
		});
	}

	@Test
	void sendWhenThreadsSendTogetherEachOnesMessagesKeepTheirOrder() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				List<Background<Boolean>> senders = new ArrayList<>();
				for (String sender : List.of("a", "b", "c")) {
					senders.add(Background.run(() -> {
						for (int i = 0; i < 20; i++) {
							child.message().payload(sender + i).descriptor("of-" + sender, Path.of("/dev/null")).send();
						}
					}));
				}
				Map<String, List<String>> received = Map.of("a", new ArrayList<>(), "b", new ArrayList<>(), "c",
						new ArrayList<>());
				for (int i = 0; i < 60; i++) {
					try (FdMessage message = child.receive(PATIENCE)) {
						String text = message.text().substring("echo of ".length());
						received.get(text.substring(0, 1)).add(text.substring(1));
						assertThat(message.descriptor("of-" + text.charAt(0))).isPresent();
					}
				}
				assertThat(received.values()).allSatisfy((numbers) -> assertThat(numbers).hasSize(20)
					.isSortedAccordingTo((left, right) -> Integer.valueOf(left).compareTo(Integer.valueOf(right))));
				for (Background<Boolean> sender : senders) {
					sender.get();
				}
			}
		});
	}

	@Test
	void receiveWhenNothingComesTimesOutAndConnectionGoesOn() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThatExceptionOfType(FdTimeoutException.class)
					.isThrownBy(() -> child.receive(Duration.ofMillis(20)));
				child.message().payload("hello").send();
				try (FdMessage message = child.receive(PATIENCE)) {
					assertThat(message.text()).isEqualTo("echo of hello");
				}
			}
		});
	}

	@Test
	void receiveWhenManyMessagesComeBeforeTheEndReturnsAllAndThenNull() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("burst", 100))) {
				child.process().waitFor();
				for (int i = 0; i < 100; i++) {
					try (FdMessage message = child.receive(PATIENCE)) {
						assertThat(message.text()).isEqualTo(String.valueOf(i));
						assertThat(message.attachments()).hasSize((i == 0) ? 1 : 0);
					}
				}
				assertThat(child.receive(PATIENCE)).isNull();
				assertThat(child.receive()).isNull();
				assertThat(child.isOpen()).isFalse();
			}
		});
	}

	@Test
	void handlerWhenChildAsksRepliesWithDescriptor() {
		with((children) -> {
			List<String> asked = new ArrayList<>();
			ProcessBuilder command = command("ask", file("one"), file("two"));
			try (FdChild child = children.start("worker", command, (message, sender) -> {
				asked.add(message.text() + " " + message.descriptor("one").isPresent() + " " + message.headers());
				return OutgoingFdMessage.builder()
					.payload("from parent")
					.descriptor("reply", new FileInputStream(file("lent").toFile()))
					.build();
			})) {
				assertThat(Children.output(child)).isEqualTo("from parent reply=lent\n");
				assertThat(asked).containsExactly("from child true {pid=" + child.process().pid() + "}");
				assertThatIllegalStateException().isThrownBy(child::receive).withMessageContaining("handler");
			}
		});
	}

	@Test
	void handlerWhenItThrowsChildGetsErrorAndWhenItReturnsNothingAnEmptyReply() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("ask", file("one")), (message, sender) -> {
				throw new IOException("no luck");
			})) {
				assertThat(Children.output(child)).isEqualTo("java.io.IOException: no luck\n");
			}
			try (FdChild child = children.start("worker", command("ask"), (message, sender) -> null)) {
				assertThat(Children.output(child)).isBlank();
				assertThat(child.process().waitFor()).isZero();
			}
		});
	}

	@Test
	void handlerWhenItAsksTheChildItselfGetsTheReply() {
		with((children) -> {
			CompletableFuture<String> nested = new CompletableFuture<>();
			CompletableFuture<FdChild> started = new CompletableFuture<>();
			try (FdChild child = children.start("worker", command("serve"), (message, sender) -> {
				assertThat(sender.credentials().pid()).isEqualTo(started.get().process().pid());
				nested.complete(ask(started.get(), "asked about " + message.text()));
				return null;
			})) {
				started.complete(child);
				child.message().payload("news").send();
				assertThat(nested.get(20, TimeUnit.SECONDS)).isEqualTo("asked about echo of news: ");
			}
		});
	}

	@Test
	void requestWhenChildAsksBackFirstGetsTheReplyToItsOwn() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"),
					(message, sender) -> OutgoingFdMessage.builder()
						.payload("the reply to " + message.text())
						.descriptor(file("proof"))
						.build())) {
				try (FdMessage reply = child.message().payload("ask first").request()) {
					assertThat(reply.text()).isEqualTo("parent says the reply to what now?");
					assertThat(reply.descriptors()).hasSize(1);
				}
			}
		});
	}

	@Test
	void requestOfChildWhenNobodyHandlesItIsRefused() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				assertThat(ask(child, "ask nobody")).startsWith(
						"java.lang.UnsupportedOperationException: " + "Child 'worker' has no handler for requests");
			}
		});
	}

	@Test
	void handlerWhenMessagesComeIsCalledWithOneAfterTheOther() {
		with((children) -> {
			List<String> handled = new ArrayList<>();
			CountDownLatch all = new CountDownLatch(100);
			try (FdChild child = children.start("worker", command("burst", 100), (message, sender) -> {
				handled.add(message.text());
				all.countDown();
				return null;
			})) {
				assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
				assertThat(handled).hasSize(100).startsWith("0", "1", "2").endsWith("98", "99");
			}
		});
	}

	@Test
	void handlerWhenItLeavesThreadInterruptedGetsTheNextMessageAllTheSame() {
		with((children) -> {
			BlockingQueue<Thread> handled = new LinkedBlockingQueue<>();
			try (FdChild child = children.start("worker", command("serve"), (message, sender) -> {
				Thread.currentThread().interrupt();
				handled.add(Thread.currentThread());
				return null;
			})) {
				child.message().payload("one").send();
				Thread handler = handled.poll(20, TimeUnit.SECONDS);
				Awaitility.await()
					.until(() -> EnumSet.of(Thread.State.WAITING, Thread.State.TERMINATED)
						.contains(handler.getState()));
				child.message().payload("two").send();
				assertThat(handled.poll(20, TimeUnit.SECONDS)).isSameAs(handler);
			}
		});
	}

	@Test
	void handOverWhenChildHasItClosesTheParentsCopy() {
		with((children) -> {
			FileInputStream mine = new FileInputStream(file("given").toFile());
			try (FdChild child = children.start("worker", command("serve"))) {
				child.message().payload("take it").descriptor("gift", mine).handOver();
				assertThat(mine.getFD().valid()).isFalse();
				try (FdMessage message = child.receive(PATIENCE);
						FileInputStream back = message.descriptor("gift").orElseThrow().into(FileInputStream.class)) {
					assertThat(back.readAllBytes()).asString().isEqualTo("given");
				}
			}
		});
	}

	@Test
	void childWhenStartedInheritsItsSocketAndNothingElse() {
		with((children) -> {
			try (FdChild other = children.start("other", command("serve"));
					FdChild child = children.start("worker", command("list"))) {
				assertThat(ask(other, "started")).isEqualTo("started: ");
				assertThat(Children.output(child)).isEqualTo("[0, 1, 2]\n");
			}
		});
	}

	@Test
	void startWhenTwentyChildrenRunTogetherEachRepliesForItself() {
		with((children) -> {
			List<FdChild> started = new ArrayList<>();
			try {
				List<Background<String>> replies = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					FdChild child = children.start("worker-" + i, command("serve"));
					started.add(child);
					String text = "child " + i;
					replies.add(Background.call(() -> ask(child, text)));
				}
				for (int i = 0; i < 20; i++) {
					assertThat(replies.get(i).get()).isEqualTo("child " + i + ": ");
				}
			}
			finally {
				started.forEach(FdChild::close);
			}
			for (FdChild child : started) {
				assertThat(child.process().waitFor()).as("it ends when its standard input does").isZero();
			}
		});
	}

	private static String ask(FdChild child, String text) {
		try (FdMessage reply = child.message().payload(text).timeout(PATIENCE).request()) {
			return reply.text();
		}
	}

	private ProcessBuilder command(Object... arguments) {
		return new ProcessBuilder(Peers.python("child.py", arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	private Path file(String content) throws IOException {
		return Children.file(this.directory, content);
	}

	private void with(Children.Use use) {
		Children.with(this.directory, use);
	}

}
