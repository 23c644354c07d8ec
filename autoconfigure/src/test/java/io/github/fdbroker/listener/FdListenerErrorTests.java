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

package io.github.fdbroker.listener;

import java.io.FileNotFoundException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replies and log lines after the failure of a listener method.
 */
@ExtendWith(OutputCaptureExtension.class)
class FdListenerErrorTests {

	@TempDir
	Path directory;

	@Test
	void failureWhenNothingHandlesItIsOneLineInTheLogWithItsCause(CapturedOutput output) {
		application(Failing.class).run((context) -> {
			assertThat(fail(context.getBean(FdBroker.class), "state"))
				.hasMessageContaining("IllegalStateException: odd");
			assertThat(output.getOut().lines().filter((line) -> line.contains("odd"))).first()
				.asString()
				.contains("WARN", "Listener Failing.handle() failed on a message for socket 'handoff'",
						"uid " + Descriptors.self().uid(), "IllegalStateException: odd");
			assertThat(output).doesNotContain("ERROR");
		});
	}

	@Test
	void failureWhenBeanHasMethodForItIsReplyOfThatMethod(CapturedOutput output) {
		application(Recovering.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			assertThat(ask(broker, "state")).isEqualTo("handled odd of " + Descriptors.self().uid() + " in state");
			assertThat(ask(broker, "async")).isEqualTo("handled late of " + Descriptors.self().uid() + " in async");
			assertThat(ask(broker, "cause")).isEqualTo("not found: file");
			assertThat(output).doesNotContain("failed on a message");
		});
	}

	@Test
	void failureWhenMethodForItFailsGoesBackAsThatFailure() {
		application(Recovering.class).run((context) -> assertThat(fail(context.getBean(FdBroker.class), "argument"))
			.hasMessageContaining("UnsupportedOperationException: no argument"));
	}

	@Test
	void failureWhenArgumentsCannotBeResolvedIsHandledToo() {
		application(Recovering.class)
			.run((context) -> assertThat(context.getBean(FdBroker.class).to("handoff").requestPayload(String.class))
				.startsWith("handled Missing header 'what'"));
	}

	@Test
	void failureWhenItsMessageIsLongIsCutAndConnectionGoesOn() {
		application(Failing.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			for (int i = 0; i < 2; i++) {
				assertThat(fail(broker, "long").getText()).startsWith("xxxx")
					.contains("100000")
					.hasSizeLessThan(10_000);
			}
		});
	}

	@Test
	void errorHandlerWhenBeanDecidesWhatGoesBack() {
		FdListenerErrorHandler handler = new StatusHandler();
		application(Recovering.class).withBean(FdListenerErrorHandler.class, () -> handler).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			assertThat(fail(broker, "argument").getStatus()).isEqualTo(-7);
			assertThat(ask(broker, "state")).startsWith("handled odd");
		});
		application(Failing.class).withBean(FdListenerErrorHandler.class, () -> handler)
			.run((context) -> assertThat(ask(context.getBean(FdBroker.class), "state"))
				.isEqualTo("odd, headers [what], uid " + Descriptors.self().uid()));
	}

	@Test
	void errorDetailsWhenNeverKeepsThemFromThePeerAndInTheLog(CapturedOutput output) {
		application(Failing.class).withPropertyValues("fdbroker.listener.error-details=never").run((context) -> {
			FdRemoteException failure = fail(context.getBean(FdBroker.class), "state");
			assertThat(failure.getText()).isEqualTo("The listener failed");
			assertThat(failure.getType()).isEqualTo("io.github.fdbroker.FdException");
			assertThat(output).contains("IllegalStateException: odd");
		});
	}

	private static FdRemoteException fail(FdBroker broker, String what) {
		FdRemoteException[] failure = new FdRemoteException[1];
		assertThatExceptionOfType(FdRemoteException.class).isThrownBy(() -> ask(broker, what))
			.satisfies((ex) -> failure[0] = ex);
		return failure[0];
	}

	private static String ask(FdBroker broker, String what) {
		return broker.to("handoff").header("what", what).descriptor(Path.of("/dev/null")).requestPayload(String.class);
	}

	private ApplicationContextRunner application(Class<?> listener) {
		return TestApplication.withoutListener(this.directory).withBean(listener);
	}

	static class Failing {

		@FdListener("handoff")
		CompletableFuture<String> handle(@Header String what, InputStream stream) {
			return switch (what) {
				case "state" -> throw new IllegalStateException("odd");
				case "async" -> CompletableFuture.failedFuture(new IllegalStateException("late"));
				case "long" -> throw new IllegalStateException("x".repeat(100_000));
				case "argument" -> throw new IllegalArgumentException("bad");
				default -> CompletableFuture.failedFuture(new Exception("wrapped", new FileNotFoundException("file")));
			};
		}

	}

	static class Recovering extends Failing {

		@MessageExceptionHandler
		String handle(RuntimeException failure, @Header(name = "what", required = false) String what, FdSender sender) {
			if (failure.getMessage().startsWith("bad")) {
				throw new UnsupportedOperationException("no argument");
			}
			return "handled %s of %d in %s".formatted(failure.getMessage(), sender.credentials().uid(), what);
		}

		@MessageExceptionHandler
		CompletableFuture<String> handle(FileNotFoundException failure) {
			return CompletableFuture.supplyAsync(() -> "not found: " + failure.getMessage());
		}

	}

	private static final class StatusHandler implements FdListenerErrorHandler {

		@Override
		public Object handle(Throwable failure, FdMessage message, FdSender sender) {
			if (failure instanceof UnsupportedOperationException) {
				throw new FdRemoteException("other", "an error", -7, "seven");
			}
			return "%s, headers %s, uid %d".formatted(failure.getMessage(), message.headers().keySet(),
					sender.credentials().uid());
		}

	}

}
