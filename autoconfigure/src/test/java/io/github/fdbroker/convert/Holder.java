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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.socket.FdConnection;
import io.github.fdbroker.socket.FdConnector;
import io.github.fdbroker.socket.MessageSocketSettings;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A foreign process that shares one descriptor and continues to use it.
 */
final class Holder implements Closeable {

	private final Path directory;

	private final PeerProcess process;

	private Holder(Path directory, PeerProcess process) {
		this.directory = directory;
		this.process = process;
	}

	/**
	 * Start the process.
	 * @param kind the kind of descriptor that it shares
	 * @param blocking whether {@code O_NONBLOCK} is clear
	 * @param full whether it has written until there is no room
	 */
	static Holder start(String kind, boolean blocking, boolean full) throws IOException {
		Path directory = Files.createTempDirectory("holder");
		return new Holder(directory,
				PeerProcess.python("holder.py", directory.resolve("socket"), kind, blocking, full));
	}

	/**
	 * Receive the descriptor, once.
	 */
	OwnedFd receive() {
		FdConnector connector = new FdConnector(new SocketPath("holder", this.directory.resolve("socket")),
				TransportMode.AUTO.select(), Duration.ofSeconds(30),
				MessageSocketSettings.stream(Duration.ofSeconds(30)));
		try (FdConnection connection = connector.connect()) {
			return OddDescriptors.CONVERTERS
				.adopt(connection.receive(ByteBuffer.allocateDirect(1)).descriptors().get(0).detach());
		}
	}

	/**
	 * Return what F_GETFL returns for the process.
	 */
	String flags() {
		return call("flags");
	}

	/**
	 * Have the process do something.
	 */
	void run(String command) {
		assertThat(call(command)).isEqualTo("done");
	}

	/**
	 * Have the process do something.
	 * @return "done" or "would block"
	 */
	String call(String command) {
		this.process.writeLine(command);
		return this.process.readLine();
	}

	@Override
	public void close() throws IOException {
		this.process.close();
		Files.deleteIfExists(this.directory.resolve("socket"));
		Files.delete(this.directory);
	}

}
