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
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FdMessage}.
 */
class FdMessageTests {

	private final FdConverters converters = new FdConverters(List.of());

	@Test
	void buildWhenNothingSetIsEmpty() {
		OutgoingFdMessage message = OutgoingFdMessage.builder().build();
		assertThat(message.payload()).isEqualTo(new byte[0]);
		assertThat(message.headers()).isEmpty();
		assertThat(message.attachments()).isEmpty();
	}

	@Test
	void textReadsUtf8() {
		assertThat(FdMessage.of("größe".getBytes(StandardCharsets.UTF_8), List.of()).text()).isEqualTo("größe");
	}

	@Test
	void builderWhenNameIsEmptyThrows() {
		OutgoingFdMessage.Builder builder = OutgoingFdMessage.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.header(" ", "x"));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.headers(Map.of("", "x")));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.descriptor("", new Object()));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.descriptor(null));
	}

	@Test
	void buildWhenBuilderGoesOnStaysAsItWas() {
		OutgoingFdMessage.Builder builder = OutgoingFdMessage.builder().header("a", 1);
		OutgoingFdMessage message = builder.build();
		builder.header("b", 2).descriptor(new Object()).payload("later");
		assertThat(message.headers()).containsExactly(Map.entry("a", "1"));
		assertThat(message.attachments()).isEmpty();
		assertThat(message.payload()).isEqualTo(new byte[0]);
	}

	@Test
	void descriptorFindsByPositionAndFirstOfName() throws IOException {
		try (FdMessage message = FdMessage.of(new byte[0], Map.of(),
				List.of(new Attachment(null, zero()), new Attachment("log", zero()), new Attachment("log", zero())))) {
			List<OwnedFd> descriptors = message.descriptors();
			assertThat(message.descriptor(2)).isSameAs(descriptors.get(2));
			assertThat(message.descriptor("log")).containsSame(descriptors.get(1));
			assertThat(message.descriptor("other")).isEmpty();
			assertThat(message.attachments()).extracting(Attachment::name).containsExactly(null, "log", "log");
			assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> message.descriptor(3))
				.withMessage("Descriptor 3 was wanted, but the message carries 3");
		}
	}

	@Test
	void closeClosesWhatWasNotTaken() throws IOException {
		FdMessage message = FdMessage.of(new byte[0], List.of(zero(), zero()));
		OwnedFd owned = message.descriptor(0);
		try (FileInputStream taken = message.descriptor(1).into(FileInputStream.class)) {
			message.close();
			message.close();
			assertThat(taken.read()).isZero();
		}
		assertThat(owned.isOpen()).isFalse();
	}

	@Test
	void forwardWhenMessageWasReceivedHasItsParts() throws IOException {
		try (FdMessage received = FdMessage.of("a".getBytes(), Map.of("k", "v"),
				List.of(new Attachment("log", zero())))) {
			OutgoingFdMessage forwarded = OutgoingFdMessage.forward(received);
			assertThat(forwarded.payload()).isSameAs(received.payload());
			assertThat(forwarded.headers()).containsExactly(Map.entry("k", "v"));
			assertThat(forwarded.attachments())
				.containsExactly(new OutgoingFdMessage.Attachment("log", received.descriptor(0)));
		}
	}

	@Test
	void payloadWhenMessageHasNoConverterThrows() {
		FdMessage message = FdMessage.of("1".getBytes(), List.of());
		assertThatIllegalStateException().isThrownBy(() -> message.payload(Integer.class));
	}

	@Test
	void toStringTellsNoContent() {
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder().header("token", "secret");
		assertThat(FdMessage.of("secret".getBytes(), Map.of("token", "secret"), List.of()))
			.hasToString("FdMessage[payload=6 bytes, headers=[token], descriptors=0]");
		assertThat(message.payload("secret").build()).asString().contains("payload=String").doesNotContain("secret");
	}

	private OwnedFd zero() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			return this.converters.adopt(new FdSources(List.of()).borrow(file).descriptor());
		}
	}

}
