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
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.zip.CRC32;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.messaging.handler.annotation.Header;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.EachTransport;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * 100,000 messages from 8 senders at a time, each with a descriptor of its own and a
 * random payload: all arrive whole, in the order of each sender, with the right
 * descriptor.
 */
class FloodTests {

	private static final int SENDERS = 8;

	private static final int MESSAGES = 100_000 / SENDERS;

	private static final int MAX_PAYLOAD = 60_000;

	@TempDir
	Path directory;

	@EachTransport
	void messagesWhenManySendersAtOnceArriveWholeInOrderWithTheirDescriptors(TransportMode transport) {
		Transports.assumeAvailable(transport);
		Receiver receiver = new Receiver();
		TestApplication.with(this.directory, Receiver.class, receiver)
			.withPropertyValues("fdbroker.transport=" + transport)
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
				List<Future<Void>> results = new ArrayList<>();
				for (int i = 0; i < SENDERS; i++) {
					results.add(senders.submit(new Sender(broker, this.directory, i)));
				}
				for (Future<Void> result : results) {
					result.get();
				}
				senders.shutdown();
				Awaitility.await()
					.atMost(Duration.ofMinutes(1))
					.until(() -> receiver.received.get() == SENDERS * MESSAGES || !receiver.faults.isEmpty());
			});
		assertThat(receiver.faults).isEmpty();
		assertThat(receiver.received).hasValue(SENDERS * MESSAGES);
	}

	private static long checksum(byte[] bytes) {
		CRC32 crc = new CRC32();
		crc.update(bytes);
		return crc.getValue();
	}

	/**
	 * Sends one sender's messages, each with a file that contains its number.
	 */
	private record Sender(FdBroker broker, Path directory, int number) implements Callable<Void> {

		@Override
		public Void call() throws IOException {
			SplittableRandom random = new SplittableRandom(this.number);
			for (int i = 0; i < MESSAGES; i++) {
				byte[] payload = new byte[random.nextInt(MAX_PAYLOAD + 1)];
				random.nextBytes(payload);
				Path path = this.directory.resolve(this.number + "-" + i);
				try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
					Files.delete(path);
					file.write((this.number + " " + i).getBytes(StandardCharsets.US_ASCII));
					file.seek(0);
					this.broker.to(TestApplication.SOCKET)
						.payload(payload)
						.header("sender", this.number)
						.header("index", i)
						.header("checksum", checksum(payload))
						.descriptor("file", file)
						.send();
				}
			}
			return null;
		}

	}

	/**
	 * Notes all that is not as it was sent.
	 */
	static class Receiver {

		private final AtomicInteger received = new AtomicInteger();

		private final AtomicIntegerArray next = new AtomicIntegerArray(SENDERS);

		private final Queue<String> faults = new ConcurrentLinkedQueue<>();

		@FdListener(TestApplication.SOCKET)
		void receive(FdMessage message, FileInputStream file, @Header int sender, @Header int index,
				@Header long checksum) throws IOException {
			String content = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
			if (!content.equals(sender + " " + index)) {
				this.faults.add("Message %d of sender %d came with the file '%s'".formatted(index, sender, content));
			}
			if (checksum((byte[]) message.payload()) != checksum) {
				this.faults.add("Message %d of sender %d is damaged".formatted(index, sender));
			}
			int expected = this.next.getAndIncrement(sender);
			if (expected != index) {
				this.faults.add("Message %d of sender %d came when %d was due".formatted(index, sender, expected));
			}
			this.received.incrementAndGet();
		}

	}

}
