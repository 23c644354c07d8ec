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

import java.io.IOException;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Kernel;

/**
 * The address that a socket owns.
 */
interface Binding {

	/** For a socket without an address, or with one that the system manages. */
	Binding NONE = new Binding() {

		@Override
		public void remove() {
			// There is nothing to remove.
		}

		@Override
		public void release() {
			// There is nothing to release.
		}

	};

	/**
	 * Remove the address.
	 */
	void remove();

	/**
	 * Leave the address to another process that holds the socket.
	 */
	void release();

	/**
	 * Take over the address of a socket that another process has released.
	 * @throws FdConfigurationException if another process owns the address
	 */
	static Binding takeOver(SocketPath socket) {
		return socket.isAbstract() ? NONE : SocketFile.takeOver(socket);
	}

	/**
	 * Bind a socket and open it.
	 * @param created the socket, which stays the caller's
	 * @throws FdConfigurationException if another process has the address, or the socket
	 * cannot be there
	 */
	static Binding of(NewSocket created, SocketPath socket, SocketFileSettings settings) {
		if (!socket.isAbstract()) {
			return SocketFile.publish(created, socket, settings);
		}
		try {
			Kernel.calls().bindAbstract(created.descriptor(), socket.bytes());
			created.open();
			return NONE;
		}
		catch (IOException ex) {
			if (Errno.of(ex) == Errno.EADDRINUSE) {
				throw socket.inUse("another process, of any user, in this network namespace");
			}
			throw socket.unusable(String.valueOf(ex.getMessage()), "Choose another name, or a path", ex);
		}
	}

}
