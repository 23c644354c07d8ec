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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdSource} and {@link FdConverter} as beans, with a type of the
 * application's own.
 */
class FdSourceBeanTests {

	@TempDir
	Path directory;

	private final List<Recording> closed = new CopyOnWriteArrayList<>();

	@Test
	void sourceWhenBeanSendsHandsOverAndReturnsTypeOfApplication() {
		TestApplication.with(this.directory, Listener.class, new Listener())
			.withBean(RecordingSource.class, () -> new RecordingSource(this.closed))
			.withBean(RecordingConverter.class)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				try (Recording sent = record("first")) {
					assertThat(broker.to("handoff").descriptor(sent).requestDescriptor(Recording.class))
						.satisfies((reply) -> assertThat(reply.read()).isEqualTo("first"))
						.satisfies(Recording::close);
					// The listener's copy is closed after its reply was sent.
					Awaitility.await().until(() -> this.closed.size() == 1);
					assertThat(this.closed).first().isNotSameAs(sent);
				}
				Recording given = record("second");
				broker.to("handoff").descriptor(given).handOver();
				assertThat(this.closed).last().isSameAs(given);
				assertThatExceptionOfType(FdConversionException.class)
					.isThrownBy(() -> broker.to("handoff").descriptor(given).send())
					.withMessage("A Recording cannot be sent: it is closed");
			});
	}

	private Recording record(String content) throws IOException {
		return new Recording(
				new FileInputStream(Files.writeString(this.directory.resolve("content"), content).toFile()));
	}

	/**
	 * A type that neither Java nor the library supports.
	 */
	record Recording(FileInputStream file) implements AutoCloseable {

		String read() {
			try {
				this.file.getChannel().position(0);
				return new String(this.file.readAllBytes());
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			FdSources.close(this.file);
		}

	}

	/**
	 * Returns a recording of the descriptor that it received.
	 */
	static class Listener {

		@FdListener("handoff")
		Recording handle(OwnedFd received) {
			return received.into(Recording.class);
		}

	}

	/**
	 * Finds the descriptor to send.
	 */
	record RecordingSource(List<Recording> closed) implements FdSource<Recording> {

		@Override
		public Class<Recording> type() {
			return Recording.class;
		}

		@Override
		public FileDescriptor descriptor(Recording source) throws IOException {
			return source.file().getFD();
		}

		@Override
		public void close(Recording source) {
			this.closed.add(source);
			source.close();
		}

	}

	/**
	 * Creates an object from a received descriptor.
	 */
	static class RecordingConverter implements FdConverter<Recording> {

		@Override
		public Class<Recording> type() {
			return Recording.class;
		}

		@Override
		public Recording convert(FileDescriptor descriptor, io.github.fdbroker.FdKind kind) {
			return new Recording(new FileInputStream(descriptor));
		}

	}

}
