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

package io.github.fdbroker.socket;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;

/**
 * Two connected message sockets.
 *
 * @param sender one of them
 * @param senderSocket the socket that it owns
 * @param receiver the other one
 * @param receiverSocket the socket that it owns
 */
record MessageSocketPair(MessageSocket sender, FileDescriptor senderSocket, MessageSocket receiver,
		FileDescriptor receiverSocket) implements Closeable {

	static MessageSocketPair open(Transport transport) throws IOException {
		return open(transport, Duration.ZERO);
	}

	static MessageSocketPair open(Transport transport, Duration sendTimeout) throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		return new MessageSocketPair(transport.messageSocket(ends[0], sendTimeout), ends[0],
				transport.messageSocket(ends[1], sendTimeout), ends[1]);
	}

	static ByteBuffer bytes(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
	}

	void send(String text, FileDescriptor... descriptors) throws IOException {
		this.sender.send(bytes(text), List.of(descriptors));
	}

	/**
	 * Receive once, and no more than a number of bytes.
	 */
	Arrival receive(int size) throws IOException {
		return receive(this.receiver, size);
	}

	static Arrival receive(MessageSocket messageSocket, int size) throws IOException {
		ByteBuffer into = ByteBuffer.allocateDirect(size);
		Received read = messageSocket.receive(into);
		if (read.isEnd()) {
			return new Arrival(null, List.of());
		}
		return new Arrival(StandardCharsets.ISO_8859_1.decode(into.flip()).toString(),
				read.descriptors().stream().map(DescriptorHandle::detach).toList());
	}

	/**
	 * Receive until the end of the stream.
	 */
	List<Arrival> receiveAll(int size) throws IOException {
		List<Arrival> all = new ArrayList<>();
		Arrival next = receive(size);
		while (next.text() != null) {
			all.add(next);
			next = receive(size);
		}
		return all;
	}

	@Override
	public void close() {
		this.sender.close();
		this.receiver.close();
	}

	/**
	 * What came at once.
	 *
	 * @param text the bytes, or {@code null} at the end of the stream
	 * @param descriptors the descriptors
	 */
	record Arrival(String text, List<FileDescriptor> descriptors) implements Closeable {

		List<String> contents() {
			return this.descriptors.stream().map(OpenFiles::content).toList();
		}

		@Override
		public void close() {
			Descriptors.close(this.descriptors);
		}

	}

}
