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

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replies for the return values of listener methods.
 */
class FdListenerReplyTests {

	@TempDir
	Path directory;

	@Test
	void replyWhenTextOrBytesIsThat() {
		assertThat(reply((owned) -> "text").text()).isEqualTo("text");
		assertThat(reply((owned) -> new byte[] { 1, 2 }).payload()).isEqualTo(new byte[] { 1, 2 });
	}

	@Test
	void replyWhenObjectIsJson() {
		FdMessage reply = reply((owned) -> new Reply("yes", 3));
		assertThat(reply.text()).isEqualTo("{\"word\":\"yes\",\"count\":3}");
		assertThat(reply.headers()).containsEntry("contentType", "application/json");
		with((owned) -> new Reply("no", 1),
				(broker) -> assertThat(broker.to("handoff").requestPayload(Reply.class)).isEqualTo(new Reply("no", 1)));
	}

	@Test
	void replyWhenNothingIsEmpty() {
		FdMessage reply = reply((owned) -> null);
		assertThat(reply.text()).isEmpty();
		assertThat(reply.attachments()).isEmpty();
	}

	@Test
	void replyWhenDescriptorSourceCarriesIt() {
		assertThat(content((owned) -> open("stream"))).isEqualTo("stream");
		assertThat(content((owned) -> open("descriptor", (file) -> file.getFD()))).isEqualTo("descriptor");
		assertThat(content((owned) -> write("path"))).isEqualTo("path");
		assertThat(content((owned) -> randomAccess("random"))).isEqualTo("random");
	}

	@Test
	void replyWhenReceivedDescriptorSendsItBack() {
		assertThat(content((owned) -> owned)).isEqualTo("sent");
		assertThat(content(OwnedFd::dup)).isEqualTo("sent");
	}

	@Test
	void replyWhenSeveralSourcesCarriesAll() {
		try (FdMessage reply = reply((owned) -> List.of(open("one"), open("two")))) {
			assertThat(reply.descriptors()).extracting((owned) -> read(owned)).containsExactly("one", "two");
		}
	}

	@Test
	void replyWhenMessageCarriesAllOfIt() {
		try (FdMessage reply = reply((owned) -> OutgoingFdMessage.builder()
			.payload("p")
			.header("h", 1)
			.descriptor("d", open("named"))
			.descriptor("e", owned)
			.build())) {
			assertThat(reply.text()).isEqualTo("p");
			assertThat(reply.headers()).containsEntry("h", "1");
			assertThat(read(reply.descriptor("d").orElseThrow())).isEqualTo("named");
			assertThat(read(reply.descriptor("e").orElseThrow())).isEqualTo("sent");
		}
	}

	@Test
	void replyWhenFutureIsItsResultAndDescriptorsStayOpenUntilThen() {
		assertThat(content((owned) -> CompletableFuture.supplyAsync(() -> owned))).isEqualTo("sent");
		assertThat(reply((owned) -> CompletableFuture.supplyAsync(() -> read(owned))).text()).isEqualTo("sent");
	}

	@Test
	void replyWhenPublisherIsItsFirstValue() {
		assertThat(reply((owned) -> Mono.fromSupplier(() -> read(owned))).text()).isEqualTo("sent");
		assertThat(reply((owned) -> Flux.just("first", "second")).text()).isEqualTo("first");
		assertThat(reply((owned) -> Mono.empty()).text()).isEmpty();
	}

	@Test
	void replyWhenFutureIsCancelledCancelsThePublisher() {
		AtomicBoolean cancelled = new AtomicBoolean();
		CompletableFuture<?> future = AsyncResults.future(Mono.never().doOnCancel(() -> cancelled.set(true)));
		assertThat(future.cancel(true)).isTrue();
		assertThat(cancelled).isTrue();
	}

	@Test
	void replyWhenExceptionIsErrorAndConnectionGoesOn() {
		with((owned) -> {
			throw new IllegalStateException("out of tea");
		}, (broker) -> {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(FdRemoteException.class).isThrownBy(() -> broker.to("handoff").request())
					.withMessageContaining("out of tea")
					.extracting(FdRemoteException::getType)
					.isEqualTo("java.lang.IllegalStateException");
			}
		});
	}

	@Test
	void replyWhenFutureOrPublisherFailsIsItsError() {
		assertError((owned) -> CompletableFuture.supplyAsync(() -> {
			throw new IllegalArgumentException("later");
		}));
		assertError((owned) -> Mono.error(new IllegalArgumentException("later")));
	}

	@Test
	void replyWhenErrorThrownIsErrorToo() {
		with((owned) -> {
			throw new StackOverflowError("deep");
		}, (broker) -> assertThatExceptionOfType(FdRemoteException.class)
			.isThrownBy(() -> broker.to("handoff").request())
			.withMessageContaining("StackOverflowError"));
	}

	@Test
	void replyWhenValueCannotBeWrittenIsError() {
		with((owned) -> new Object() {

			@SuppressWarnings("unused")
			public Object getSelf() {
				return this;
			}

		}, (broker) -> assertThatExceptionOfType(FdRemoteException.class)
			.isThrownBy(() -> broker.to("handoff").request())
			.withMessageContaining("FdConversionException"));
	}

	@Test
	@Tag("jdk-channels")
	void replyWhenChannelIsRegisteredWithSelectorIsErrorAndNothingIsSent() throws Exception {
		try (Selector selector = Selector.open();
				ServerSocketChannel server = ServerSocketChannel.open().bind(null);
				SocketChannel far = SocketChannel.open(server.getLocalAddress());
				SocketChannel registered = server.accept()) {
			registered.configureBlocking(false).register(selector, SelectionKey.OP_READ);
			with((owned) -> registered, (broker) -> {
				assertThatExceptionOfType(FdRemoteException.class).isThrownBy(() -> broker.to("handoff").request())
					.withMessageContaining("is registered with a selector");
				// The error is sent before the channel is closed.
				Awaitility.await().until(() -> !registered.isOpen());
				selector.selectNow();
				assertThat(far.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			});
		}
	}

	@Test
	void returnedDescriptorWhenNobodyWaitsForItIsClosed() throws InterruptedException {
		CountDownLatch called = new CountDownLatch(1);
		with((owned) -> {
			FileInputStream stream = open("unwanted");
			called.countDown();
			return stream;
		}, (broker) -> {
			broker.to("handoff").send();
			assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
		});
	}

	private void assertError(Function<OwnedFd, @Nullable Object> listener) {
		with(listener,
				(broker) -> assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").request())
					.withMessageContaining("java.lang.IllegalArgumentException: later"));
	}

	private String content(Function<OwnedFd, @Nullable Object> listener) {
		try (FdMessage reply = reply(listener)) {
			return read(reply.descriptor(0));
		}
	}

	private FdMessage reply(Function<OwnedFd, @Nullable Object> listener) {
		FdMessage[] reply = new FdMessage[1];
		with(listener, (broker) -> {
			try (FileInputStream file = open("sent")) {
				reply[0] = broker.to("handoff").descriptor(file).request();
			}
		});
		return reply[0];
	}

	private void with(Function<OwnedFd, @Nullable Object> function, FdListenerParametersTests.BrokerTest test) {
		TestApplication.with(this.directory, Listener.class, new Listener(function)).run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdBroker.class));
		});
	}

	private static String read(OwnedFd owned) {
		try (FileInputStream stream = owned.into(FileInputStream.class)) {
			stream.getChannel().position(0);
			return new String(stream.readAllBytes());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private FileInputStream open(String content) {
		return open(content, (file) -> file);
	}

	private <T> T open(String content, Opener<T> opener) {
		try {
			return opener.open(new FileInputStream(write(content).toFile()));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private RandomAccessFile randomAccess(String content) {
		try {
			return new RandomAccessFile(write(content).toFile(), "r");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Path write(String content) {
		try {
			return Files.writeString(this.directory.resolve("file-" + content), content);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	interface Opener<T> {

		T open(FileInputStream file) throws IOException;

	}

	record Reply(String word, int count) {

	}

	static class Listener {

		private final Function<OwnedFd, @Nullable Object> function;

		Listener(Function<OwnedFd, @Nullable Object> function) {
			this.function = function;
		}

		@FdListener("handoff")
		@Nullable Object handle(@Nullable OwnedFd owned) {
			return this.function.apply(owned);
		}

	}

}
