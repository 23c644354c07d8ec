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

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.DescriptorLeaks;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Descriptors that the application receives and does not close are closed when they are
 * garbage-collected, and reported. The ledger checks that they are closed.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeakedDescriptorTests {

	@TempDir
	Path directory;

	@Test
	void keptDescriptorWhenCollectedIsClosedAndReportedWithSocketPeerAndTime(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.directory.resolve("leaked"), "content");
		run(new Keeper(), (context) -> {
			try (FdTestClient client = FdTestClient.to(this.directory.resolve(TestApplication.SOCKET)).open()) {
				assertThat(client.request("x", file)).hasPayload("kept");
			}
			context.getBean(Keeper.class).kept.clear();
			awaitLeak(context);
			Awaitility.await().until(() -> output.getOut().contains("garbage-collected"));
			assertThat(output).contains(file.toString(), "socket 'handoff' with pid ", " uid ", "handed out at 20",
					"fdbroker.leaks.stack-traces=true");
		});
	}

	@Test
	void replyWhenCollectedIsClosedAndReportedWithPeerAndStack(CapturedOutput output) throws IOException {
		Files.writeString(this.directory.resolve("lent"), "content");
		run(new Lender(this.directory.resolve("lent")), (context) -> {
			context.getBean(FdBroker.class).to(TestApplication.SOCKET).payload("x").request();
			awaitLeak(context);
			Awaitility.await().until(() -> output.getOut().contains("garbage-collected"));
			assertThat(output).contains("from peer 'handoff'", "it was handed out\n",
					LeakedDescriptorTests.class.getName());
		}, "fdbroker.leaks.stack-traces=true");
	}

	@Test
	void descriptorsWhenClosedTakenOrDetachedAreNotReported() throws IOException {
		Files.writeString(this.directory.resolve("lent"), "content");
		run(new Lender(this.directory.resolve("lent")), (context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			List<FileInputStream> taken = new ArrayList<>();
			for (int i = 0; i < 10; i++) {
				broker.to(TestApplication.SOCKET).payload("x").request().close();
				// The message itself is not closed.
				taken.add(broker.to(TestApplication.SOCKET)
					.payload("x")
					.request()
					.descriptor(0)
					.into(FileInputStream.class));
			}
			// Whatever was lost before this one is found before it.
			broker.to(TestApplication.SOCKET).payload("x").request();
			awaitLeak(context);
			for (FileInputStream stream : taken) {
				assertThat(stream.readAllBytes()).asString().isEqualTo("content");
				stream.close();
			}
			assertThat(context.getBean(DescriptorLeaks.class).count()).isOne();
		});
	}

	private static void awaitLeak(AssertableApplicationContext context) {
		Awaitility.await().until(() -> {
			System.gc();
			return context.getBean(DescriptorLeaks.class).count() == 1;
		});
	}

	@SuppressWarnings("unchecked")
	private <T> void run(T listener, ContextConsumer<AssertableApplicationContext> consumer, String... properties) {
		TestApplication.with(this.directory, (Class<T>) listener.getClass(), listener)
			.withPropertyValues(properties)
			.run(consumer);
	}

	static class Keeper {

		private final List<OwnedFd> kept = new ArrayList<>();

		@FdListener(TestApplication.SOCKET)
		String keep(@Fd(keep = true) OwnedFd file) {
			this.kept.add(file);
			return "kept";
		}

	}

	static class Lender {

		private final Path file;

		Lender(Path file) {
			this.file = file;
		}

		@FdListener(TestApplication.SOCKET)
		FileInputStream lend() throws IOException {
			return new FileInputStream(this.file.toFile());
		}

	}

}
