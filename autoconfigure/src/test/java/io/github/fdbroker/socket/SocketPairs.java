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
import java.time.Duration;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Kernel;

/**
 * Pairs of connected UNIX sockets, for tests in all packages.
 */
public final class SocketPairs {

	private SocketPairs() {
	}

	/**
	 * Return two descriptors, which the caller has to close.
	 */
	public static FileDescriptor[] open() throws IOException {
		return Kernel.calls().socketPair(SocketType.STREAM);
	}

	/**
	 * Return two connections, which the caller has to close.
	 */
	public static FdConnection[] connect(Duration sendTimeout) throws IOException {
		FileDescriptor[] ends = open();
		Transport transport = TransportMode.AUTO.select();
		return new FdConnection[] {
				FdConnection.of("left", ends[0], transport, MessageSocketSettings.stream(sendTimeout)),
				FdConnection.of("right", ends[1], transport, MessageSocketSettings.stream(sendTimeout)) };
	}

}
