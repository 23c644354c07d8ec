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

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.testsupport.Peers;

/**
 * A process that has descriptors of every kind, and sends them on request.
 */
final class OddDescriptors implements Closeable {

	static final FdConverters CONVERTERS = new FdConverters(List.of());

	static final FdSources SOURCES = new FdSources(List.of());

	private final Path directory;

	private final Process process;

	private final FdConnection connection;

	private OddDescriptors(Path directory, Process process, FdConnection connection) {
		this.directory = directory;
		this.process = process;
		this.connection = connection;
	}

	static OddDescriptors start() throws IOException {
		Path directory = Files.createTempDirectory("odd");
		Path path = directory.resolve("socket");
		Process process = new ProcessBuilder(Peers.python("odd_descriptors.py", path)).inheritIO().start();
		FdConnector connector = new FdConnector(new SocketPath("odd", path), TransportMode.AUTO.select(),
				Duration.ofSeconds(30), MessageSocketSettings.stream(Duration.ofSeconds(30)));
		return new OddDescriptors(directory, process, connector.connect());
	}

	/**
	 * Return a copy of a descriptor, which the caller has to close.
	 */
	OwnedFd get(String name) {
		byte[] line = (name + "\n").getBytes(StandardCharsets.US_ASCII);
		this.connection.send(ByteBuffer.allocateDirect(line.length).put(line).flip(), List.of());
		List<DescriptorHandle> received = this.connection.receive(ByteBuffer.allocateDirect(1)).descriptors();
		if (received.size() != 1) {
			throw new AssertionError("No descriptor came for " + name);
		}
		return CONVERTERS.adopt(received.get(0).detach());
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
		try {
			this.process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		Files.deleteIfExists(this.directory.resolve("socket"));
		Files.delete(this.directory);
	}

}
