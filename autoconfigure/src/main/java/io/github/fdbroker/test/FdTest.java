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

package io.github.fdbroker.test;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.convert.DescriptorFactory;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.wire.OutgoingMessage;

/**
 * Descriptors and messages for tests of methods without a socket. Each descriptor is a
 * real one, which the caller owns.
 */
public final class FdTest {

	private static final FdConverters CONVERTERS = new FdConverters(List.of());

	private static final DescriptorFactory FACTORY = new DescriptorFactory(CONVERTERS);

	private static final SingletonSupplier<EmbeddedBroker> BROKER = SingletonSupplier
		.of(() -> new EmbeddedBroker(Map.of("fdbroker.systemd.enabled", false), null));

	private FdTest() {
	}

	/**
	 * Open a regular file for reading, which has no name any more.
	 * @param content its content, in UTF-8
	 * @return the descriptor
	 */
	public static OwnedFd descriptor(String content) {
		return descriptor(content.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Open a regular file for reading, which has no name any more.
	 * @param content its content
	 * @return the descriptor
	 */
	public static OwnedFd descriptor(byte[] content) {
		try {
			Path file = Files.createTempFile("fd", null);
			try (FileInputStream stream = new FileInputStream(Files.write(file, content).toFile())) {
				return CONVERTERS.adopt(Descriptors.duplicate(stream.getFD()));
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create a pipe.
	 * @return its ends
	 */
	public static DescriptorFactory.Pipe pipe() {
		try {
			return FACTORY.pipe();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create two connected UNIX sockets.
	 * @param type their type
	 * @return the sockets
	 */
	public static DescriptorFactory.SocketPair socketPair(SocketType type) {
		try {
			return FACTORY.socketPair(type);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create a message as if it had been received.
	 * @param payload the payload
	 * @param descriptors objects that have a descriptor, which the caller keeps
	 * @return the message with descriptors of its own, which the caller has to close
	 */
	public static FdMessage message(Object payload, Object... descriptors) {
		return message(OutgoingFdMessage.builder().payload(payload).descriptor(List.of(descriptors)).build());
	}

	/**
	 * Create a message as if it had been received.
	 * @param message the message as it would be sent, whose descriptors the caller keeps
	 * @return the message with descriptors of its own, which the caller has to close
	 */
	public static FdMessage message(OutgoingFdMessage message) {
		EmbeddedBroker broker = BROKER.obtain();
		try (OutgoingMessage sent = broker.bean(MessageComposer.class).compose(message)) {
			List<FdMessage.Attachment> borrowed = new ArrayList<>();
			sent.attachments()
				.forEach((attachment) -> borrowed.add(new FdMessage.Attachment(attachment.name(),
						CONVERTERS.adopt(attachment.borrowed().descriptor()))));
			return copy(FdMessage.of(sent.payload(), sent.headers(), borrowed), broker);
		}
	}

	/**
	 * Start assertions on a message.
	 * @param message the message
	 * @return assertions on the message
	 */
	public static FdTestResultAssert assertThat(FdMessage message) {
		return new FdTestResultAssert(new FdTestResult(message, null, null));
	}

	/**
	 * Start assertions on a descriptor.
	 * @param descriptor the descriptor
	 * @return assertions on the descriptor
	 */
	public static OwnedFdAssert assertThat(OwnedFd descriptor) {
		return new OwnedFdAssert(descriptor);
	}

	/**
	 * Copy a message, which outlives the call that it was received for.
	 */
	static FdMessage copy(FdMessage message, EmbeddedBroker broker) {
		List<FdMessage.Attachment> copies = new ArrayList<>();
		try {
			for (FdMessage.Attachment attachment : message.attachments()) {
				copies.add(new FdMessage.Attachment(attachment.name(), attachment.descriptor().dup()));
			}
			return broker.bean(MessageComposer.class)
				.received(FdMessage.of(message.payload(), message.headers(), copies));
		}
		catch (RuntimeException | Error ex) {
			copies.forEach((copy) -> copy.descriptor().close());
			throw ex;
		}
	}

}
