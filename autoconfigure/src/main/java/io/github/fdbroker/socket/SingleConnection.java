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
import java.nio.channels.ClosedChannelException;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;

/**
 * The one connection, or other socket that does not listen, that a process was started
 * for. It can be accepted once.
 */
public final class SingleConnection implements ConnectionAcceptor {

	private final String name;

	private final DescriptorHandle handle;

	/**
	 * Adopt a connection.
	 * @param name the name of the socket in the configuration
	 * @param descriptor the connection, which starts out blocking
	 */
	public SingleConnection(String name, FileDescriptor descriptor) {
		this.name = name;
		this.handle = new DescriptorHandle(descriptor);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public FileDescriptor accept() throws IOException {
		FileDescriptor connection = detach();
		try {
			Descriptors.configureBlocking(connection, true);
			return connection;
		}
		catch (IOException | RuntimeException | Error ex) {
			Descriptors.close(connection);
			throw ex;
		}
	}

	private FileDescriptor detach() throws IOException {
		try {
			return this.handle.detach();
		}
		catch (IllegalStateException ex) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public boolean isOpen() {
		return this.handle.isOpen();
	}

	/**
	 * Close the connection if it was not accepted.
	 */
	@Override
	public void close() {
		this.handle.close();
	}

}
