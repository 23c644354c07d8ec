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

import io.github.fdbroker.FdKind;
import io.github.fdbroker.system.Descriptors;

/**
 * Converts to a {@link FileChannel} that reads, writes or both, as the descriptor may.
 */
final class FileChannelConverter implements FdConverter<FileChannel> {

	@Override
	public Class<FileChannel> type() {
		return FileChannel.class;
	}

	@Override
	public FileChannel convert(FileDescriptor descriptor, FdKind kind) throws IOException {
		Requirement.FILE.check(kind, type());
		return switch (kind.access()) {
			case READ -> new FileInputStream(descriptor).getChannel();
			case WRITE -> new FileOutputStream(descriptor).getChannel();
			default -> readWrite(descriptor);
		};
	}

	/**
	 * A {@link RandomAccessFile} cannot be made from a descriptor, but one can take the
	 * place of the descriptor of another file.
	 */
	private static FileChannel readWrite(FileDescriptor descriptor) throws IOException {
		RandomAccessFile file = new RandomAccessFile("/dev/null", "rw");
		try {
			Descriptors.move(descriptor, file.getFD());
			return file.getChannel();
		}
		catch (IOException | RuntimeException ex) {
			file.close();
			throw ex;
		}
	}

}
