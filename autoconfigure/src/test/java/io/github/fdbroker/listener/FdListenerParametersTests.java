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

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The arguments of listener methods.
 */
class FdListenerParametersTests {

	@TempDir
	Path directory;

	@Test
	void parametersWhenOfEachReadableTypeGetDescriptorsInOrder() {
		assertThat(request(new Readers(), "1", "2", "3", "4", "5", "6")).isEqualTo("1 2 3 4 5 6");
	}

	@Test
	void parametersWhenOfEachWritableTypeWriteToDescriptors() throws IOException {
		Path[] files = { file("a", ""), file("b", ""), file("c", ""), file("d", "") };
		with(new Writers(), (broker) -> {
			OutgoingFdMessage.Builder message = OutgoingFdMessage.builder();
			for (Path file : files) {
				message.descriptor(new FileOutputStream(file.toFile()));
			}
			try (FdMessage reply = broker.to("handoff").message(message.build()).request()) {
				assertThat(reply.text()).isEqualTo("written");
			}
			finally {
				closeSources(message);
			}
		});
		assertThat(files).extracting((file) -> Files.readString(file)).containsExactly("1", "2", "3", "4");
	}

	@Test
	void parametersWhenArrayAndListGetTheRest() {
		assertThat(request(new Rest(), "1", "2", "3")).isEqualTo("1 | 2 3");
		assertThat(request(new RestAsList(), "1", "2", "3")).isEqualTo("1 | 2 3");
		assertThat(request(new RestAsCollection(), "1", "2", "3")).isEqualTo("1 2 3");
		assertThat(request(new Rest(), "1")).isEqualTo("1 | ");
	}

	@Test
	void parameterWhenMapGetsThoseWithNamesThatNoOtherTakes() throws IOException {
		Path one = file("one", "1");
		Path two = file("two", "2");
		with(new ByName(), (broker) -> {
			MessageSpec message = broker.to("handoff")
				.descriptor("a", one)
				.descriptor(two)
				.descriptor(Map.of("log", two))
				.descriptor("c", List.of(two, one));
			assertThat(message.requestPayload(String.class)).isEqualTo("log 2, then {a=1, c=2}");
		});
	}

	@Test
	void parametersWhenNamedGetThoseAndTheOthersTheRest() throws IOException {
		Path one = file("one", "1");
		Path two = file("two", "2");
		Path three = file("three", "3");
		with(new Named(), (broker) -> {
			FdMessage reply = broker.to("handoff")
				.descriptor("log", one)
				.descriptor("other", two)
				.descriptor("log", three)
				.request();
			assertThat(reply.text()).isEqualTo("named 1, then 2 3");
		});
	}

	@Test
	void parameterWhenDescriptorMissingIsRefusedOrNull() {
		assertThatExceptionOfType(FdRemoteException.class).isThrownBy(() -> request(new Readers(), "1"))
			.withMessageContaining("FdConversionException")
			.withMessageContaining("expects a FileDescriptor")
			.withMessageContaining("only 1 descriptor");
		assertThat(request(new Optional())).isEqualTo("none none");
		assertThat(request(new Optional(), "1")).isEqualTo("1 none");
	}

	@Test
	void parameterWhenOptionalHasTheDescriptorThatCame() {
		assertThat(request(new Optionals())).isEqualTo("none none");
		assertThat(request(new Optionals(), "1")).isEqualTo("1 none");
		with(new Optionals(),
				(broker) -> assertThat(broker.to("handoff")
					.descriptor("named", file("n", "named"))
					.descriptor(file("o", "other"))
					.requestPayload(String.class)).isEqualTo("other named"));
	}

	@Test
	@Tag("jdk-channels")
	void parameterWhenSocketOfJavaNetIsTheConnection() {
		with(new TakesSocket(), (broker) -> {
			try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
					Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
					Socket accepted = server.accept()) {
				broker.to("handoff").descriptor(accepted).descriptor(server).request().close();
				assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
			}
		});
	}

	@Test
	void headersWhenAskedForHaveNothingButWhatWasSent() {
		with(new Headers(),
				(broker) -> assertThat(broker.to("handoff")
					.header("h", "v")
					.header(FdHeaders.SENDER_ADDRESS, "/run/other.sock")
					.requestPayload(String.class)).isEqualTo("{h=v} {h=v} {h=v} {h=v}"));
	}

	@Test
	void parameterWhenDescriptorOfWrongKindIsRefusedAndSaysWhy() {
		with(new Writers(),
				(broker) -> assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").descriptor(file("r", "read-only")).request())
					.withMessageContaining("FileOutputStream requires something to write to")
					.withMessageContaining("a regular file, open for reading"));
	}

	@Test
	void parametersWhenPayloadHeadersAndCredentialsAskedForGetThem() {
		with(new Everything(), (broker) -> {
			FdMessage reply = broker.to("handoff")
				.header("count", 42)
				.payload(new Order("tea", 3))
				.descriptor(file("f", "content"))
				.request();
			assertThat(reply.text())
				.isEqualTo("3 tea, 42, uid " + Descriptors.self().uid() + ", pid " + Descriptors.self().pid() + ", 1");
		});
	}

	@Test
	void payloadWhenJsonIsWantedAsTextIsTheText() {
		with(new Text(), (broker) -> assertThat(broker.to("handoff").payload(new Order("tea", 3)).request().text())
			.isEqualTo("{\"item\":\"tea\",\"amount\":3}"));
	}

	@Test
	void payloadWhenInvalidIsRefused() {
		with(new Everything(), (broker) -> assertThatExceptionOfType(FdRemoteException.class)
			.isThrownBy(() -> broker.to("handoff")
				.header("count", 1)
				.payload(new Order("tea", 0))
				.descriptor(file("f", "content"))
				.request())
			.withMessageEndingWith(
					"FdConversionException: The payload is not valid: 'amount' must be greater than or equal to 1"));
	}

	@Test
	void descriptorWhenMethodReturnsIsClosedUnlessTaken() throws IOException {
		Taker taker = new Taker();
		with(taker,
				(broker) -> broker.to("handoff")
					.descriptor(file("1", "a"))
					.descriptor(file("2", "b"))
					.descriptor(file("3", "c"))
					.descriptor(file("4", "kept"))
					.descriptor(file("5", "detached"))
					.request()
					.close());
		assertThat(taker.owned.get().isOpen()).isFalse();
		assertThat(taker.raw.get().valid()).isFalse();
		assertThat(taker.stream.get())
			.satisfies((stream) -> assertThatExceptionOfType(IOException.class).isThrownBy(stream::read));
		try (InputStream kept = taker.kept.get(); InputStream detached = new FileInputStream(taker.detached.get())) {
			assertThat(kept.readAllBytes()).asString().isEqualTo("kept");
			assertThat(detached.readAllBytes()).asString().isEqualTo("detached");
		}
	}

	@Test
	void keptDescriptorWhenMethodIsNeverCalledIsClosed() {
		with(new NeverCalled(),
				(broker) -> assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(
							() -> broker.to("handoff").descriptor(file("1", "a")).descriptor(file("2", "b")).request())
					.withMessageContaining("a connected stream socket"));
	}

	@Test
	void keptOwnedFdWhenMethodReturnsStaysOpen() {
		Keeper keeper = new Keeper();
		with(keeper, (broker) -> broker.to("handoff").descriptor(file("1", "a")).request().close());
		assertThat(keeper.kept.get().isOpen()).isTrue();
		keeper.kept.get().close();
	}

	private String request(Object listener, String... contents) {
		StringBuilder result = new StringBuilder();
		with(listener, (broker) -> {
			MessageSpec message = broker.to("handoff").payload("p");
			for (String content : contents) {
				message.descriptor(file(content, content));
			}
			try (FdMessage reply = message.request()) {
				result.append(reply.text());
			}
		});
		return result.toString();
	}

	private <T> void with(T listener, BrokerTest test) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		ApplicationContextRunner runner = TestApplication.with(this.directory, type, listener)
			.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class));
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.run(context.getBean(FdBroker.class));
		});
	}

	private Path file(String name, String content) throws IOException {
		return Files.writeString(this.directory.resolve("file-" + name), content);
	}

	private static void closeSources(OutgoingFdMessage.Builder message) throws IOException {
		for (OutgoingFdMessage.Attachment attachment : message.build().attachments()) {
			((FileOutputStream) attachment.source()).close();
		}
	}

	private static String read(InputStream stream) {
		try {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(ReadableByteChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(100);
		channel.read(buffer);
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

	interface BrokerTest {

		void run(FdBroker broker) throws Exception;

	}

	record Order(String item, @Min(1) int amount) {

	}

	static class Readers {

		@FdListener("handoff")
		String handle(OwnedFd owned, FileDescriptor raw, FileInputStream file, InputStream stream, FileChannel channel,
				ReadableByteChannel bytes) throws IOException {
			return String.join(" ", read(new FileInputStream(owned.fileDescriptor())), read(new FileInputStream(raw)),
					read(file), read(stream), read(channel), read(bytes));
		}

	}

	static class Writers {

		@FdListener("handoff")
		String handle(FileOutputStream file, OutputStream stream, FileChannel channel, WritableByteChannel bytes)
				throws IOException {
			file.write('1');
			stream.write('2');
			channel.write(ByteBuffer.wrap(new byte[] { '3' }));
			bytes.write(ByteBuffer.wrap(new byte[] { '4' }));
			return "written";
		}

	}

	static class Rest {

		@FdListener("handoff")
		String handle(InputStream first, InputStream[] rest) {
			return read(first) + " | "
					+ String.join(" ", List.of(rest).stream().map(FdListenerParametersTests::read).toList());
		}

	}

	static class RestAsList {

		@FdListener("handoff")
		String handle(List<InputStream> rest, InputStream first) {
			return read(first) + " | " + String.join(" ", rest.stream().map(FdListenerParametersTests::read).toList());
		}

	}

	static class RestAsCollection {

		@FdListener("handoff")
		String handle(Collection<InputStream> all) {
			return String.join(" ", all.stream().map(FdListenerParametersTests::read).toList());
		}

	}

	static class ByName {

		@FdListener("handoff")
		String handle(Map<String, InputStream> named, @Fd("log") InputStream log) {
			Map<String, String> contents = new LinkedHashMap<>();
			named.forEach((name, stream) -> contents.put(name, read(stream)));
			return "log " + read(log) + ", then " + contents;
		}

	}

	static class Named {

		@FdListener("handoff")
		String handle(InputStream second, @Fd("log") InputStream log, List<InputStream> rest) {
			return "named " + read(log) + ", then " + read(second) + " " + read(rest.get(0));
		}

	}

	static class Optional {

		@FdListener("handoff")
		String handle(@Nullable InputStream nullable, @Fd(required = false) InputStream optional) {
			return ((nullable != null) ? read(nullable) : "none") + " "
					+ ((optional != null) ? read(optional) : "none");
		}

	}

	static class Optionals {

		@FdListener("handoff")
		String handle(java.util.Optional<InputStream> first, @Fd("named") java.util.Optional<FileInputStream> named) {
			return first.map(FdListenerParametersTests::read).orElse("none") + " "
					+ named.map(FdListenerParametersTests::read).orElse("none");
		}

	}

	static class TakesSocket {

		@FdListener("handoff")
		void handle(Socket connection, ServerSocket server) throws IOException {
			assertThat(server.getLocalPort()).isEqualTo(connection.getLocalPort());
			connection.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
		}

	}

	static class Headers {

		@FdListener("handoff")
		String handle(@org.springframework.messaging.handler.annotation.Headers Map<String, Object> map,
				MessageHeaders headers, Message<?> message, FdMessage received) {
			return map + " " + headers + " " + message.getHeaders() + " " + received.headers();
		}

	}

	static class Everything {

		@FdListener("handoff")
		String handle(PeerCredentials peer, @Valid @Payload Order order, OwnedFd descriptor, @Header int count,
				FdMessage message) {
			return "%d %s, %d, uid %d, pid %d, %d".formatted(order.amount(), order.item(), count, peer.uid(),
					peer.pid(), message.descriptors().size());
		}

	}

	static class Text {

		@FdListener("handoff")
		String handle(String payload) {
			return payload;
		}

	}

	static class Taker {

		private final AtomicReference<OwnedFd> owned = new AtomicReference<>();

		private final AtomicReference<FileDescriptor> raw = new AtomicReference<>();

		private final AtomicReference<InputStream> stream = new AtomicReference<>();

		private final AtomicReference<InputStream> kept = new AtomicReference<>();

		private final AtomicReference<FileDescriptor> detached = new AtomicReference<>();

		@FdListener("handoff")
		void handle(OwnedFd owned, FileDescriptor raw, InputStream stream, @Fd(keep = true) InputStream kept,
				OwnedFd detached) {
			this.owned.set(owned);
			this.raw.set(raw);
			this.stream.set(stream);
			this.kept.set(kept);
			this.detached.set(detached.detach());
		}

	}

	static class NeverCalled {

		@FdListener("handoff")
		void handle(@Fd(keep = true) InputStream kept, SocketChannel wrong) {
			throw new IllegalStateException("called with " + wrong);
		}

	}

	static class Keeper {

		private final AtomicReference<OwnedFd> kept = new AtomicReference<>();

		@FdListener("handoff")
		void handle(@Fd(keep = true) OwnedFd kept) {
			this.kept.set(kept);
		}

	}

}
