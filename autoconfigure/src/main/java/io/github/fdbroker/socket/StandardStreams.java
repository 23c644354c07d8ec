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
import io.github.fdbroker.system.Junixsocket;
import io.github.fdbroker.system.Kernel;

/**
 * Keeps {@code System.in}, {@code System.out} and {@code System.err} away from a socket
 * that a process was started with in their place, as inetd does it.
 */
final class StandardStreams {

	private static final int INPUT = 0;

	private static final int OUTPUT = 1;

	private static final int ERROR = 2;

	private StandardStreams() {
	}

	/**
	 * Move a socket to a number that is no standard stream's. Where it was, and wherever
	 * else it was a standard stream, there are from then on: the standard error for the
	 * standard output, unless that is the socket too, and {@code /dev/null} otherwise. So
	 * nothing that the application prints or logs goes to a client.
	 * @return the socket, with close-on-exec set
	 */
	static FileDescriptor takeAway(int number) throws IOException {
		FileDescriptor socket = Descriptors.duplicate(Junixsocket.descriptor(number));
		try (RandomAccessFile nothing = new RandomAccessFile("/dev/null", "rw")) {
			for (int stream : new int[] { ERROR, OUTPUT, INPUT }) {
				if (stream == number || isSame(stream, socket)) {
					Kernel.calls()
						.replace((stream == OUTPUT) ? Junixsocket.descriptor(ERROR) : nothing.getFD(),
								Junixsocket.descriptor(stream));
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
