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

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channel;
import java.util.ArrayList;
import java.util.List;

import org.springframework.util.ClassUtils;

/**
 * The JDK's streams that are not file streams. Streams that read or write a channel
 * without a buffer, as {@link java.nio.file.Files} opens them, have a descriptor.
 */
final class JdkStreams {

	private JdkStreams() {
	}

	/**
	 * Return sources for the streams over channels that this version of Java has.
	 */
	static List<BuiltInSource<?>> sources() {
		List<BuiltInSource<?>> sources = new ArrayList<>();
		for (String name : List.of("sun.nio.ch.ChannelInputStream", "sun.nio.ch.ChannelOutputStream")) {
			if (ClassUtils.isPresent(name, null)) {
				sources.add(new BuiltInSource<>(ClassUtils.resolveClassName(name, null),
						(stream) -> JdkChannels.descriptor(channel(stream)), (stream) -> !channel(stream).isOpen(),
						BuiltInSource.Closing.PLAIN));
			}
		}
		return sources;
	}

	private static Channel channel(Object stream) {
		return (Channel) JdkChannels.get(stream, stream.getClass(), "ch");
	}

	/**
	 * Return what to send in place of an object that is not a source.
	 */
	static String advice(Object object) {
		if (object.getClass().getName().startsWith("java.lang.Process")) {
			return "has a buffer: start the process with ProcessBuilder.redirectInput or redirectOutput, and send the "
					+ "stream of that file or FIFO";
		}
		if (object instanceof FilterInputStream || object instanceof FilterOutputStream) {
			return "wraps another stream: send that one";
		}
		if (object instanceof InputStream || object instanceof OutputStream) {
			return "has no accessible descriptor: send a FileInputStream, FileOutputStream or FileChannel";
		}
		return "has no descriptor: send a FileDescriptor, OwnedFd, file stream, channel, socket or Path, or add a "
				+ "bean of type FdSource";
	}

}
