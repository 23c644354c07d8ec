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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.PeerProcess;

import static io.github.fdbroker.test.FdTest.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a peer in Python does with descriptors of directories, pipes, sockets, memory and
 * files to write to.
 */
class SourcesForPythonTests {

	private final DescriptorFactory factory = new DescriptorFactory(new FdConverters(List.of()));

	@TempDir
	Path directory;

	@Test
	void peerWhenItReceivesDirectoryOpensFilesInIt() throws IOException {
		Files.writeString(this.directory.resolve("inside"), "content");
		try (OwnedFd location = this.factory.location(this.directory)) {
			assertDescribed("directory with content, path with content, directory with content", this.directory,
					location, this.directory.toFile());
		}
	}

	@Test
	void peerWhenItReceivesFileToWriteToWritesIt() throws IOException {
		Path file = this.directory.resolve("new");
		try (OwnedFd opened = this.factory.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				DescriptorFactory.Pipe pipe = this.factory.pipe();
				DescriptorFactory.SocketPair pair = this.factory.socketPair(SocketType.SEQPACKET)) {
			assertDescribed("writable, pipe, socket of SOCK_SEQPACKET", opened, pipe.sink(), pair.second());
			assertThat(file).hasContent("written by python");
			assertThat(pipe.source()).hasContent("from python");
		}
	}

	@Test
	void peerWhenItReceivesSealedMemorySeesSeals() throws IOException {
		try (OwnedFd sealed = this.factory.sealedMemory("settings", "content".getBytes());
				OwnedFd open = this.factory.memory("open")) {
			assertDescribed("memory with content, seals 15, memory with , seals 0", List.of(sealed, open));
		}
	}

	@Test
	void peerWhenCollectionOrMapIsSentReceivesAll() throws IOException {
		Path one = Files.writeString(this.directory.resolve("one"), "1");
		Path two = Files.writeString(this.directory.resolve("two"), "2");
		assertDescribed("file with 1, file with 2, file with 1", List.of(one, two), Map.of("name", one));
	}

	private void assertDescribed(String description, Object... sources) {
		Path socket = this.directory.resolve("p.sock");
		try (PeerProcess python = PeerProcess.python("describe.py", socket);
				FdTestClient client = FdTestClient.to(socket).format("raw").open()) {
			assertThat(client.request("what is it?", sources)).hasPayload(description);
		}
	}

}
