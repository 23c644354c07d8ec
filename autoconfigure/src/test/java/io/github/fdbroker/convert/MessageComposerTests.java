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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.wire.OutgoingMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MessageComposer}.
 */
class MessageComposerTests {

	private final MessageComposer composer = composer(new ByteArrayMessageConverter(), new StringMessageConverter(),
			new JacksonJsonMessageConverter());

	private final MessageComposer withoutJson = composer(new ByteArrayMessageConverter(), new StringMessageConverter());

	@Test
	void composeWhenBytesOrTextSendsThemAsTheyAre() {
		OutgoingFdMessage bytes = OutgoingFdMessage.of(new byte[] { 1, 2 });
		assertThat(this.withoutJson.compose(bytes).payload()).isSameAs(bytes.payload());
		OutgoingMessage text = this.withoutJson.compose(OutgoingFdMessage.of(new StringBuilder("größe")));
		assertThat(text.payload()).isEqualTo("größe".getBytes(StandardCharsets.UTF_8));
		assertThat(text.headers()).isEmpty();
	}

	@Test
	void composeWhenObjectSendsJsonAndItsType() {
		OutgoingMessage message = this.composer
			.compose(OutgoingFdMessage.builder().payload(new Order(7, "größe")).header("k", "v").build());
		assertThat(new String(message.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":7,\"name\":\"größe\"}");
		assertThat(message.headers()).containsExactlyInAnyOrderEntriesOf(
				Map.of("k", "v", "contentType", "application/json", "payload-type", "Order"));
	}

	@Test
	void payloadWhenComposedYieldsEqualObject() {
		FdMessage message = received(this.composer.compose(OutgoingFdMessage.of(new Order(7, "größe"))));
		assertThat(this.composer.received(message).payload(Order.class)).isEqualTo(new Order(7, "größe"));
		assertThat(this.composer.received(message).payload(byte[].class)).isSameAs(message.payload());
	}

	@Test
	void payloadWhenTextIsWantedReadsUtf8() {
		FdMessage message = received(this.composer.compose(OutgoingFdMessage.of("größe")));
		assertThat(this.composer.received(message).payload(String.class)).isEqualTo("größe");
	}

	@Test
	void payloadWhenNoJsonThrows() {
		FdMessage message = FdMessage.of("no json".getBytes(), Map.of("contentType", "application/json"), List.of());
		assertThatExceptionOfType(FdConversionException.class)
			.isThrownBy(() -> this.composer.received(message).payload(Order.class))
			.withMessageContaining("The payload is no " + Order.class.getName());
		assertThatExceptionOfType(FdConversionException.class)
			.isThrownBy(() -> this.withoutJson.received(message).payload(Order.class))
			.withMessage("No message converter reads a payload as " + Order.class.getName());
	}

	@Test
	void composeWhenTypeIsUnknownTellsWhatToAdd() {
		assertThatExceptionOfType(FdConversionException.class)
			.isThrownBy(() -> this.withoutJson.compose(OutgoingFdMessage.of(new Order(1, ""))))
			.withMessageContaining(Order.class.getName())
			.withMessageContaining("spring-boot-starter-jackson");
	}

	@Test
	void composeBorrowsDescriptorsInOrderUntilClosed() throws IOException {
		try (FileInputStream zero = new FileInputStream("/dev/zero");
				FileInputStream none = new FileInputStream("/dev/null")) {
			try (OutgoingMessage outgoing = this.composer
				.compose(OutgoingFdMessage.builder().descriptor(zero).descriptor("n", none).payload("x").build())) {
				List<FileDescriptor> descriptors = outgoing.attachments()
					.stream()
					.map((attachment) -> attachment.borrowed().descriptor())
					.toList();
				assertThat(descriptors).hasSize(2).allMatch((descriptor) -> descriptor.valid());
				try (FileInputStream first = new FileInputStream(descriptors.get(0))) {
					assertThat(first.read()).isZero();
				}
			}
			assertThat(zero.read()).isZero();
		}
	}

	@Test
	void composeWhenOneSourceIsClosedGivesOthersBack() throws IOException {
		FileInputStream closed = new FileInputStream("/dev/zero");
		closed.close();
		try (FileInputStream zero = new FileInputStream("/dev/zero")) {
			OutgoingFdMessage message = OutgoingFdMessage.builder().descriptor(zero).descriptor(closed).build();
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> this.composer.compose(message))
				.withMessageContaining("A FileInputStream cannot be sent");
		}
	}

	private static FdMessage received(OutgoingMessage sent) {
		return FdMessage.of(sent.payload(), sent.headers(), List.of());
	}

	private static MessageComposer composer(MessageConverter... converters) {
		return new MessageComposer(new CompositeMessageConverter(List.of(converters)), OddDescriptors.SOURCES);
	}

	record Order(int id, String name) {

	}

}
