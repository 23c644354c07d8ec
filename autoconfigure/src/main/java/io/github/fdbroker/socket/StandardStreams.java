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
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;

/**
 * Separates {@code System.in}, {@code System.out} and {@code System.err} from a socket
 * that a parent such as inetd passed as standard streams.
 */
final class StandardStreams {

	private static final int INPUT = 0;

	private static final int OUTPUT = 1;

	private static final int ERROR = 2;

	private StandardStreams() {
	}

	/**
	 * Move a socket to a number that is not the number of a standard stream. The standard
	 * streams that were this socket are replaced: the standard output by the standard
	 * error, unless that was the socket too, and the others by {@code /dev/null}. So the
	 * client receives nothing that the application prints or logs.
	 * @return the socket, with close-on-exec set
	 */
	static FileDescriptor takeAway(int number) throws IOException {
		FileDescriptor socket = Descriptors.duplicate(FileDescriptors.of(number));
		try (RandomAccessFile nothing = new RandomAccessFile("/dev/null", "rw")) {
			for (int stream : new int[] { ERROR, OUTPUT, INPUT }) {
				if (stream == number || isSame(stream, socket)) {
					Kernel.calls()
						.replace((stream == OUTPUT) ? FileDescriptors.of(ERROR) : nothing.getFD(),
								FileDescriptors.of(stream));
				}
			}
			return socket;
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(socket);
			throw ex;
		}
	}

	private static boolean isSame(int stream, FileDescriptor socket) {
		try {
			return target(stream).equals(target(Descriptors.number(socket)));
		}
		catch (IOException ex) {
			// It is not open, or this system has no such files.
			return false;
		}
	}

	private static Path target(int number) throws IOException {
		return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number));
	}

}
