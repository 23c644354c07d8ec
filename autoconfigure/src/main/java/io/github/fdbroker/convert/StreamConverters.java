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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * Converters to types that read or write bytes sequentially. They do not change the flags
 * of the open file description: if {@code O_NONBLOCK} is set and a call would block, a
 * stream throws an exception and a byte channel transfers nothing.
 */
final class StreamConverters {

	private StreamConverters() {
	}

	static List<FdConverter<?>> all() {
		return List.of(new CheckedConverter<>(FileDescriptor.class, Requirement.NONE, (fd, kind) -> fd),
				new CheckedConverter<>(FileInputStream.class, Requirement.READABLE,
						(fd, kind) -> new FileInputStream(fd)),
				new CheckedConverter<>(InputStream.class, Requirement.READABLE, (fd, kind) -> new FileInputStream(fd)),
				new CheckedConverter<>(ReadableByteChannel.class, Requirement.READABLE,
						(fd, kind) -> new FileInputStream(fd).getChannel()),
				new CheckedConverter<>(FileOutputStream.class, Requirement.WRITABLE,
						(fd, kind) -> new FileOutputStream(fd)),
				new CheckedConverter<>(OutputStream.class, Requirement.WRITABLE,
						(fd, kind) -> new FileOutputStream(fd)),
				new CheckedConverter<>(WritableByteChannel.class, Requirement.WRITABLE,
						(fd, kind) -> new FileOutputStream(fd).getChannel()));
	}

}
