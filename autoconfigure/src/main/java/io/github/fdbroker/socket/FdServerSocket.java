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

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;

/**
 * A listening socket at a path in the file system.
 */
public final class FdServerSocket implements ConnectionAcceptor {

	private final SocketPath path;

	private final DescriptorHandle handle;

	private final Binding binding;

	private FdServerSocket(SocketPath path, FileDescriptor descriptor, Binding binding) {
		this.path = path;
		this.handle = new DescriptorHandle(descriptor);
		this.binding = binding;
	}

	/**
	 * Open a listening socket. Its file appears complete, with its mode and group, and
	 * replaces nothing but a stale socket of this user.
	 * @param path where
	 * @param settings how its file is to look
	 * @param backlog how many connections the system keeps waiting, see listen(2)
	 * @return the socket
	 * @throws FdConfigurationException if somebody serves the path
	 * @throws FdConfigurationException if a socket cannot be there
	 * @throws FdConfigurationException if this system has no such sockets
	 */
	public static FdServerSocket open(SocketPath path, SocketFileSettings settings, int backlog) {
		return open(path, settings, backlog, true);
	}

	/**
	 * Open a listening socket, as {@link #open(SocketPath, SocketFileSettings, int)}.
	 * @param path where
	 * @param settings how its file is to look
	 * @param backlog how many connections the system keeps waiting, see listen(2)
	 * @param passRights whether its connections take descriptors from the beginning, or
	 * not before {@link FdConnection#allowDescriptors()}
	 * @return the socket
	 */
	public static FdServerSocket open(SocketPath path, SocketFileSettings settings, int backlog, boolean passRights) {
		return open(path, settings, backlog, passRights, new JunixsocketTransport(),
				MessageSocketSettings.stream(Duration.ZERO));
	}

	/**
	 * Open a listening socket of any type that has connections, as
	 * {@link #open(SocketPath, SocketFileSettings, int)}.
	 * @param path where
	 * @param settings how its file is to look
	 * @param backlog how many connections the system keeps waiting, see listen(2)
	 * @param passRights whether its connections take descriptors from the beginning, or
	 * not before {@link FdConnection#allowDescriptors()}
	 * @param transport how bytes and descriptors will be moved over connections
	 * @param carrierSettings how connections will be used
	 * @return the socket
	 */
	public static FdServerSocket open(SocketPath path, SocketFileSettings settings, int backlog, boolean passRights,
			Transport transport, MessageSocketSettings carrierSettings) {
		NewSocket created = NewSocket.create(transport, carrierSettings, backlog);
		try {
			if (!passRights) {
				refuseDescriptors(created.descriptor());
			}
			return new FdServerSocket(path, created.descriptor(), Binding.of(created, path, settings));
		}
		catch (RuntimeException ex) {
			Descriptors.close(created.descriptor());
			throw ex;
		}
	}

	@Override
	public String name() {
		return this.path.name();
	}

	@Override
	public FileDescriptor accept() throws IOException {
		FileDescriptor listening = this.handle.acquireOrClosed();
		try {
			return Descriptors.accept(listening);
		}
		finally {
			this.handle.release();
		}
	}

	@Override
	public boolean passDescriptors(boolean pass) {
		try {
			FileDescriptor listening = this.handle.acquire();
			try {
				Kernel.calls().setPassRights(listening, pass);
				return true;
			}
			finally {
				this.handle.release();
			}
		}
		catch (IOException | IllegalStateException ex) {
			return false;
		}
	}

	@Override
	public boolean isOpen() {
		return this.handle.isOpen();
	}

	/**
	 * Remove the file if it is still this socket's, accept no more connections, wake who
	 * waits for one, and close the socket as soon as that thread has left.
	 */
	@Override
	public void close() {
		try {
			FileDescriptor listening = this.handle.acquire();
			if (this.handle.closeOnce()) {
				this.binding.remove();
				shutdown(listening);
			}
			this.handle.release();
		}
		catch (IllegalStateException ex) {
			// It is closed already.
		}
	}

	private static void refuseDescriptors(FileDescriptor descriptor) {
		try {
			Kernel.calls().setPassRights(descriptor, false);
		}
		catch (IOException ex) {
			throw FdConfigurationException
				.unsupportedSystem("Descriptors cannot be refused (SO_PASSRIGHTS): " + ex.getMessage(), ex);
		}
	}

	private static void shutdown(FileDescriptor listening) {
		try {
			Descriptors.shutdown(listening, true, true);
		}
		catch (IOException ex) {
			// No thread waits for a connection then.
		}
	}

}
