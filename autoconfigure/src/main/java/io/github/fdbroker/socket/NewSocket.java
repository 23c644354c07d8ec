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

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Kernel;

/**
 * A socket that is about to get an address.
 *
 * @param descriptor the socket
 * @param transport how it will be used
 * @param settings how it, or connections that it accepts, will be used
 * @param backlog how many connections the system keeps waiting, see listen(2)
 */
record NewSocket(FileDescriptor descriptor, Transport transport, MessageSocketSettings settings, int backlog) {

	static NewSocket create(Transport transport, MessageSocketSettings settings, int backlog) {
		try {
			return new NewSocket(Kernel.calls().socket(settings.type()), transport, settings, backlog);
		}
		catch (IOException ex) {
			throw FdConfigurationException.unsupportedSystem(
					"No AF_UNIX socket of type " + settings.type() + " can be created: " + ex.getMessage(), ex);
		}
	}

	SocketType type() {
		return this.settings.type();
	}

	/**
	 * Make the bound socket ready before its address is published. Connections inherit
	 * the options that it has then.
	 */
	void open() throws IOException {
		this.transport.prepare(this.descriptor, this.settings);
		if (type().isConnected()) {
			Kernel.calls().listen(this.descriptor, this.backlog);
		}
	}

}
