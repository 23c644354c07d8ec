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

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdKind.Access;
import io.github.fdbroker.FdKind.Type;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.test.FdTest;

import static io.github.fdbroker.test.FdTest.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DescriptorFactory}.
 */
class DescriptorFactoryTests {

	private final DescriptorFactory factory = new DescriptorFactory(new FdConverters(List.of()));

	@TempDir
	Path directory;

	@Test
	void openWhenNoOptionsOpensForReading() throws IOException {
		Path file = Files.writeString(this.directory.resolve("f\u00e4"), "content");
		try (OwnedFd opened = this.factory.open(file)) {
			assertThat(opened).hasType(Type.FILE).isReadOnly().refersTo(file).hasContent("content");
		}
	}

	@Test
	void openWhenOptionsWriteCreateAppendOrTruncateDoesSo() throws IOException {
		Path file = this.directory.resolve("new");
		try (OwnedFd created = this.factory.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
				FileOutputStream out = created.into(FileOutputStream.class)) {
			out.write("one".getBytes());
		}
		try (OwnedFd opened = this.factory.open(file, StandardOpenOption.APPEND);
				FileOutputStream out = opened.into(FileOutputStream.class)) {
			out.write("two".getBytes());
		}
		try (OwnedFd opened = this.factory.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			assertThat(opened).hasAccess(Access.READ_WRITE).hasContent("onetwo");
		}
		this.factory.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
		assertThat(file).isEmptyFile();
	}

	@Test
	void openWhenRefusedSaysWhichAndWhy() {
		Path missing = this.directory.resolve("missing");
		assertThatIOException().isThrownBy(() -> this.factory.open(missing))
			.withMessage(missing + ": No such file or directory (openat, errno 2)");
		assertThatIOException()
			.isThrownBy(
					() -> this.factory.open(this.directory, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
			.withMessageStartingWith(this.directory + ": ");
		assertThatIllegalArgumentException().isThrownBy(() -> this.factory.open(missing, StandardOpenOption.SPARSE))
			.withMessageContaining("SPARSE");
	}

	@Test
	void directoryWhenOpenedOrLocatedIsOne() throws IOException {
		try (OwnedFd opened = this.factory.open(this.directory);
				OwnedFd location = this.factory.location(this.directory)) {
			assertThat(opened).hasType(Type.DIRECTORY).isReadOnly().refersTo(this.directory);
			assertThat(location).hasType(Type.DIRECTORY).hasAccess(Access.NONE).refersTo(this.directory);
		}
	}

	@Test
	void pipeWhenWrittenIsRead() throws IOException {
		try (DescriptorFactory.Pipe pipe = this.factory.pipe();
				Pipe.SinkChannel sink = pipe.sink().into(Pipe.SinkChannel.class)) {
			sink.write(ByteBuffer.wrap("text".getBytes()));
			assertThat(pipe.source()).hasType(Type.PIPE).isReadOnly().hasContent("text");
		}
	}

	@Test
	void socketPairWhenMadeIsOfTypeAndConnected() throws IOException {
		for (SocketType type : SocketType.values()) {
			try (DescriptorFactory.SocketPair pair = this.factory.socketPair(type)) {
				assertThat(pair.first()).isSocket(type);
				assertThat(pair.second().kind().socket().connected()).isTrue();
			}
		}
	}

	@Test
	void memoryWhenSealedCannotBeChanged() throws IOException {
		try (OwnedFd memory = this.factory.sealedMemory("settings", "content".getBytes())) {
			assertThat(memory).hasType(Type.FILE).hasContent("content");
			try (RandomAccessFile file = memory.dup().into(RandomAccessFile.class)) {
				assertThatIOException().isThrownBy(() -> file.write(1)).withMessageContaining("not permitted");
				assertThatIOException().isThrownBy(() -> file.setLength(1)).withMessageContaining("not permitted");
			}
		}
	}

	@Test
	void memoryWhenNotSealedIsWritable() throws IOException {
		try (OwnedFd memory = this.factory.memory("buffer"); FileChannel file = memory.dup().into(FileChannel.class)) {
			file.write(ByteBuffer.wrap("text".getBytes()));
			assertThat(memory).hasAccess(Access.READ_WRITE).hasContent("text");
			assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + memory.number())).toString())
				.startsWith("/memfd:buffer");
		}
	}

	@Test
	void sealWhenNotMemoryFails() throws IOException {
		try (OwnedFd file = FdTest.descriptor("content")) {
			assertThatIOException().isThrownBy(() -> this.factory.seal(file)).withMessageContaining("fcntl");
		}
	}

	@Test
	void childWhenStartedInheritsNone() throws Exception {
		try (OwnedFd memory = this.factory.memory("secret"); DescriptorFactory.Pipe pipe = this.factory.pipe()) {
			Process child = new ProcessBuilder("ls", "-l", "/proc/self/fd").start();
			try (var output = child.inputReader()) {
				assertThat(output.lines().toList()).noneMatch((line) -> line.contains("memfd:secret"))
					.filteredOn((line) -> line.matches(".* ([3-9]|\\d\\d+) -> .*"))
					.hasSizeLessThanOrEqualTo(1);
			}
			child.getErrorStream().close();
			child.getOutputStream().close();
			child.waitFor();
		}
	}

}
