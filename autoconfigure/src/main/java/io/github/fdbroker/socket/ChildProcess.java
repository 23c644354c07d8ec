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
import java.lang.ProcessBuilder.Redirect;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;

/**
 * A process whose standard input is one end of a socketpair(2), and the other end.
 *
 * @param process the process
 * @param socket the end of this process, which the caller has to close; no other process
 * inherits it
 */
public record ChildProcess(Process process, FileDescriptor socket) {

	/**
	 * Start a process. Only that process has its end of the pair open, so the stream ends
	 * as soon as it closes that end.
	 * @param builder what to start; the redirection of its standard input is restored
	 * @return the process and the connection to it
	 * @throws IOException if it cannot be started
	 */
	public static ChildProcess start(ProcessBuilder builder) throws IOException {
		FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
		boolean started = false;
		try {
			ChildProcess child = new ChildProcess(start(builder, ends[1]), ends[0]);
			started = true;
			return child;
		}
		finally {
			Descriptors.close(ends[1]);
			if (!started) {
				Descriptors.close(ends[0]);
			}
		}
	}

	/**
	 * Start a process that inherits a descriptor of any kind as its standard input.
	 * @param builder what to start; the redirection of its standard input is restored
	 * @param input the descriptor, which the caller still owns and may close after this
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	public static Process start(ProcessBuilder builder, FileDescriptor input) throws IOException {
		Redirect before = builder.redirectInput();
		try {
			return builder.redirectInput(FileDescriptors.redirect(input)).start();
		}
		finally {
			builder.redirectInput(before);
		}
	}

}
