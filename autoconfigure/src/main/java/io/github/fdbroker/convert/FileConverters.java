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
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.Access;
import io.github.fdbroker.system.Descriptors;

/**
 * Converters to types with a file offset, which allow reading, writing or both according
 * to the access mode of the descriptor.
 */
final class FileConverters {

	private FileConverters() {
	}

	static List<FdConverter<?>> all() {
		return List.of(new CheckedConverter<>(FileChannel.class, Requirement.FILE, FileConverters::channel),
				new CheckedConverter<>(SeekableByteChannel.class, Requirement.FILE, FileConverters::channel),
				new CheckedConverter<>(RandomAccessFile.class, Requirement.READABLE_FILE,
						(fd, kind) -> file(fd, (kind.access() == Access.READ) ? "r" : "rw")));
	}

	private static FileChannel channel(FileDescriptor descriptor, FdKind kind) throws IOException {
		return switch (kind.access()) {
			case READ -> new FileInputStream(descriptor).getChannel();
			case WRITE -> new FileOutputStream(descriptor).getChannel();
			default -> file(descriptor, "rw").getChannel();
		};
	}

	/**
	 * A {@link RandomAccessFile} cannot be created from a descriptor, but its own
	 * descriptor can be replaced by another one.
	 */
	private static RandomAccessFile file(FileDescriptor descriptor, String mode) throws IOException {
		RandomAccessFile file = new RandomAccessFile("/dev/null", mode);
		try {
			Descriptors.move(descriptor, file.getFD());
			return file;
		}
		catch (IOException | RuntimeException ex) {
			file.close();
			throw ex;
		}
	}

}
