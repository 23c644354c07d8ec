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

package io.github.fdbroker.web.autoconfigure;

import java.nio.channels.ServerSocketChannel;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.systemd.ActivatedDescriptor;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.web.ListeningSocket;

/**
 * Finds the listening socket among the descriptors that were passed to this process.
 */
final class ActivatedSocket {

	private ActivatedSocket() {
	}

	static ListeningSocket of(String name, ActivatedDescriptors descriptors) {
		find(name, descriptors);
		return new ListeningSocket(name, () -> take(name, descriptors, ServerSocketChannel.class));
	}

	/**
	 * Take a duplicate of the socket.
	 */
	static <T> T take(String name, ActivatedDescriptors descriptors, Class<T> type) {
		return descriptors.take(find(name, descriptors), type);
	}

	private static ActivatedDescriptor find(String name, ActivatedDescriptors descriptors) {
		ActivatedDescriptor descriptor = descriptors.named(name).get(0);
		FdKind.SocketKind socket = descriptor.kind().socket();
		if (socket == null || !socket.listening()) {
			throw new FdConfigurationException(
					"%s is no listening socket, but %s: a web server cannot use it".formatted(descriptor,
							descriptor.kind()),
					"Set ListenStream= in the socket unit, with Accept=no, or correct fdbroker.web.socket");
		}
		return descriptor;
	}

}
