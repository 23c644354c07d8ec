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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for methods that receive the messages of children, with children in Python.
 */
class ChildListenerTests {

	@TempDir
	Path directory;

	private final Listener listener = new Listener();

	@Test
	void listenerWhenChildAsksRepliesWithDescriptor() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("ask", Children.file(this.directory, "one")))) {
				assertThat(Children.output(child)).isEqualTo("read one reply=lent\n");
				assertThat(this.listener.senders.take().credentials().pid()).isEqualTo(child.process().pid());
				assertThatIllegalStateException().isThrownBy(child::receive).withMessageContaining("handler");
			}
		});
	}

	@Test
	void listenerWhenHeadersMatchReceivesOnlyItsMessages() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("serve"))) {
				child.message().payload("hello").header("kind", "greeting").send();
				child.message().payload("other").header("kind", "news").send();
				assertThat(this.listener.texts.take()).isEqualTo("greeting: echo of hello");
				assertThat(this.listener.texts.take()).isEqualTo("news: echo of other");
			}
		});
	}

	@Test
	void listenerWhenItThrowsPassesTheExceptionToTheHandlerMethodOfItsBean() {
		with((children) -> {
			try (FdChild child = children.start("worker", command("ask"))) {
				assertThat(Children.output(child)).isEqualTo("nothing to read \n");
			}
		});
	}

	@Test
	void startWhenItIsGivenHandlerCallsThatInsteadOfTheMethods() {
		with((children) -> {
			CompletableFuture<String> received = new CompletableFuture<>();
			try (FdChild child = children.start("worker", command("serve"), (message, sender) -> {
				received.complete(message.text());
				return null;
			})) {
				child.message().payload("hello").header("kind", "greeting").send();
				assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo("echo of hello");
				assertThat(this.listener.texts).isEmpty();
			}
		});
	}

	@Test
	void startWhenNameIsAnotherLeavesMessagesToReceive() {
		with((children) -> {
			try (FdChild child = children.start("other", command("serve"))) {
				child.message().payload("hello").header("kind", "greeting").send();
				try (FdMessage message = child.receive()) {
					assertThat(message.text()).isEqualTo("echo of hello");
				}
			}
		});
	}

	@Test
	void contextWhenFormatHasNoHeadersForTwoMethodsFails() {
		runner().withPropertyValues("fdbroker.children.worker.format=raw")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("of child 'worker' requires the headers")
				.extracting((failure) -> ((FdConfigurationException) failure).getAction())
				.asString()
				.contains("fdbroker.children.worker.format=frame"));
	}

	@Test
	void contextWhenMethodNamesSocketAndChildFails() {
		TestApplication.with(this.directory, Ambiguous.class, new Ambiguous())
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("Ambiguous.receive")
				.hasMessageContaining("must name either a socket or a child"));
	}

	private void with(Children.Use use) {
		runner().run((context) -> use.accept(context.getBean(FdChildren.class)));
	}

	private ApplicationContextRunner runner() {
		return TestApplication.with(this.directory, Listener.class, this.listener);
	}

	private static ProcessBuilder command(Object... arguments) {
		return new ProcessBuilder(Peers.python("child.py", arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	/**
	 * Receives the messages of the children {@code worker}.
	 */
	private final class Listener {

		private final BlockingQueue<FdSender> senders = new LinkedBlockingQueue<>();

		private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

		@FdListener(child = "worker", headers = "pid")
		OutgoingFdMessage ask(@Fd("one") FileInputStream file, FdSender sender) throws IOException {
			this.senders.add(sender);
			return OutgoingFdMessage.builder()
				.payload("read " + new String(file.readAllBytes()))
				.descriptor("reply", new FileInputStream(lent().toFile()))
				.build();
		}

		@FdListener(child = "worker", headers = { "!pid", "kind=greeting" })
		void greet(String text) {
			this.texts.add("greeting: " + text);
		}

		@FdListener(child = "worker", headers = { "!pid", "kind!=greeting" })
		void news(String text) {
			this.texts.add("news: " + text);
		}

		@MessageExceptionHandler
		String missing(Exception failure) {
			return "nothing to read";
		}

		private Path lent() throws IOException {
			return Children.file(ChildListenerTests.this.directory, "lent");
		}

	}

	/**
	 * Names a socket and a child.
	 */
	private static final class Ambiguous {

		@FdListener(value = "handoff", child = "worker")
		void receive(String text) {
		}

	}

}
