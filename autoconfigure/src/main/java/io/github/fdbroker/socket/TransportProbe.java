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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Kernel;

/**
 * Passes more descriptors than junixsocket by itself can receive, to see that a transport
 * works with the versions at hand.
 *
 * @param transport the transport
 */
record TransportProbe(Transport transport) {

	private static final int DESCRIPTORS = 61;

	/**
	 * Pass the descriptors.
	 * @throws FdConfigurationException if they do not all arrive
	 */
	void verify() {
		try {
			FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
			MessageSocket from = this.transport.messageSocket(ends[0], Duration.ZERO);
			MessageSocket to = this.transport.messageSocket(ends[1], Duration.ZERO);
			try {
				pass(from, Collections.nCopies(DESCRIPTORS, ends[0]), to);
			}
			finally {
				from.close();
				to.close();
			}
		}
		catch (IOException ex) {
			throw FdConfigurationException
				.unsupportedSystem("Passing descriptors does not work here: " + ex.getMessage(), ex);
		}
	}

	private static void pass(MessageSocket from, List<FileDescriptor> descriptors, MessageSocket to)
			throws IOException {
		from.send(ByteBuffer.allocateDirect(1), descriptors);
		Received received = to.receive(ByteBuffer.allocateDirect(1));
		int count = received.descriptors().size();
		received.close();
		if (count != descriptors.size()) {
			throw new IOException(count + " of " + descriptors.size() + " descriptors arrived");
		}
	}

}
