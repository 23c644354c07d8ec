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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.Kernel;

/**
 * A listening socket at a path in the file system.
 */
public final class FdServerSocket implements ConnectionAcceptor {

	private final SocketPath path;

	private final SharedServerSocket socket;

	private final AddressHold address;

	private FdServerSocket(SocketPath path, SharedServerSocket socket, @Nullable Binding binding) {
		this.path = path;
		this.socket = socket;
		this.address = new AddressHold(binding);
	}

	/**
	 * Open a listening socket of any type that has connections. Its file appears
	 * complete, with its mode and group, and replaces nothing but a stale socket of this
	 * user.
	 * @param path where
	 * @param settings the mode and group of the file
	 * @param backlog how many connections the system keeps waiting, see listen(2)
	 * @param passRights whether its connections take descriptors from the beginning, or
	 * not before {@link FdConnection#allowDescriptors()}
	 * @param transport how bytes and descriptors will be moved over connections
	 * @param connectionSettings how connections will be used
	 * @return the socket
	 * @throws FdConfigurationException if another process serves the path, a socket
	 * cannot be there, or this system has no such sockets
	 */
	public static FdServerSocket open(SocketPath path, SocketFileSettings settings, int backlog, boolean passRights,
			Transport transport, MessageSocketSettings connectionSettings) {
		NewSocket created = NewSocket.create(transport, connectionSettings, backlog);
		SharedServerSocket socket = shared(path, created.descriptor());
		try {
			if (!passRights) {
				refuseDescriptors(created.descriptor());
			}
			return new FdServerSocket(path, socket, Binding.of(created, path, settings));
		}
		catch (RuntimeException | Error ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * Adopt a listening socket that another process opened, and still owns the path of.
	 * @param path where it listens
	 * @param descriptor the socket; it is closed if this fails
	 * @return the socket, which leaves its file alone until {@link #bind()}
	 */
	public static FdServerSocket adopt(SocketPath path, FileDescriptor descriptor) {
		return new FdServerSocket(path, shared(path, descriptor), null);
	}

	private static SharedServerSocket shared(SocketPath path, FileDescriptor descriptor) {
		try {
			return new SharedServerSocket(path.name(), descriptor);
		}
		catch (IOException ex) {
			throw new FdException("Socket '%s' cannot be served: %s".formatted(path.name(), ex.getMessage()), ex);
		}
	}

	/**
	 * Become the owner of the path of an adopted socket. Has no effect if this is its
	 * owner already.
	 * @throws FdConfigurationException if another process owns the path
	 */
	@Override
	public void bind() {
		this.address.takeOver(this.path);
	}

	@Override
	public String name() {
		return this.path.name();
	}

	@Override
	public FileDescriptor accept() throws IOException {
		return this.socket.accept();
	}

	@Override
	public boolean passDescriptors(boolean pass) {
		try (BorrowedFd listening = this.socket.lend()) {
			Kernel.calls().setPassRights(listening.descriptor(), pass);
			return true;
		}
		catch (IOException | IllegalStateException ex) {
			return false;
		}
	}

	@Override
	public OwnedFd duplicate() {
		return this.socket.duplicate();
	}

	@Override
	public boolean isOpen() {
		return this.socket.isOpen();
	}

	/**
	 * Remove the file if it is still the file of this socket. Accept no more connections,
	 * wake the thread that waits for one, and close the socket as soon as that thread has
	 * left.
	 */
	@Override
	public void close() {
		this.address.remove();
		this.socket.close();
	}

	/**
	 * Leave the socket and its file to the other holders of the socket.
	 */
	@Override
	public void release() {
		this.address.release();
		this.socket.close();
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

}
