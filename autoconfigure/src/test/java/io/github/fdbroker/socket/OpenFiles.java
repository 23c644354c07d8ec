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

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.fdbroker.system.Descriptors;

/**
 * Files that are open and have no name, and what the kernel says of descriptors.
 */
final class OpenFiles {

	static final int CLOSE_ON_EXEC = 02000000;

	static final int NON_BLOCKING = 04000;

	private OpenFiles() {
	}

	/**
	 * Open a new file for reading. The caller has to close it.
	 */
	static FileDescriptor create(String content) {
		try {
			Path path = Files.writeString(Files.createTempFile("fdbroker", null), content);
			try (FileInputStream stream = new FileInputStream(path.toFile())) {
				return Descriptors.duplicate(stream.getFD());
			}
			finally {
				Files.delete(path);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the content of a file, whose offset stays as it is.
	 */
	static String content(FileDescriptor descriptor) {
		try {
			return Files.readString(Path.of("/dev/fd/" + Descriptors.number(descriptor)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static FileIdentity identity(FileDescriptor descriptor) throws IOException {
		return FileIdentity.of(Path.of("/dev/fd/" + Descriptors.number(descriptor)));
	}

	static int flags(FileDescriptor descriptor) throws IOException {
		return Integer.parseInt(info(descriptor, "flags:"), 8);
	}

	static long offset(FileDescriptor descriptor) throws IOException {
		return Long.parseLong(info(descriptor, "pos:"));
	}

	static boolean isOpen(int number) {
		return Files.exists(Path.of("/proc/self/fdinfo/" + number));
	}

	private static String info(FileDescriptor descriptor, String field) throws IOException {
		return Files.readAllLines(Path.of("/proc/self/fdinfo/" + Descriptors.number(descriptor)))
			.stream()
			.filter((line) -> line.startsWith(field))
			.map((line) -> line.substring(field.length()).trim())
			.findFirst()
			.orElseThrow();
	}

}
