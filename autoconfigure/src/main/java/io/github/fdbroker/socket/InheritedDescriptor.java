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
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;

/**
 * A descriptor that inetd, systemd or another parent passed to this process. It belongs
 * to the process rather than to an application context: each context that claims a
 * listening socket gets a duplicate, any other descriptor can be claimed once.
 * <p>
 * Close-on-exec is set when it is adopted. Safe for use by several threads.
 */
public final class InheritedDescriptor {

	private static final int FIRST_FREE = 3;

	/** The adopted descriptors by number. Each number has one owner. */
	private static final Map<Integer, InheritedDescriptor> TAKEN_OVER = new ConcurrentHashMap<>();

	private final int number;

	private final DescriptorHandle handle;

	private final @Nullable SocketKind socket;

	private volatile boolean claimed;

	private InheritedDescriptor(int number, FileDescriptor descriptor) throws IOException {
		this.number = number;
		this.socket = isSocket(descriptor) ? Descriptors.socketKind(descriptor) : null;
		this.handle = new DescriptorHandle(descriptor);
	}

	/**
	 * Adopt a descriptor by its number. A socket that is a standard stream (0 to 2) is
	 * moved to another number, see {@link StandardStreams}.
	 * @param number the number that the parent gave it
	 * @return the descriptor
	 * @throws InheritedDescriptorException if there is none
	 */
	public static InheritedDescriptor of(int number) {
		InheritedDescriptor inherited = TAKEN_OVER.computeIfAbsent(number, InheritedDescriptor::takeOver);
		if (!inherited.isAvailable()) {
			throw new InheritedDescriptorException("Descriptor " + number + " was given away, or closed, before: "
					+ "the number may mean another file by now, or a part of this process has it already");
		}
		return inherited;
	}

	private static InheritedDescriptor takeOver(int number) {
		FileDescriptor descriptor = FileDescriptors.of(number);
		try {
			if (number < 0 || Kernel.calls().status(descriptor).mode() < 0) {
				throw new InheritedDescriptorException("Descriptor " + number + " is not open in this process");
			}
			if (number < FIRST_FREE && isSocket(descriptor)) {
				return new InheritedDescriptor(number, StandardStreams.takeAway(number));
			}
			Kernel.calls().setCloseOnExec(descriptor);
			return new InheritedDescriptor(number, descriptor);
		}
		catch (IOException ex) {
			throw notUsable(number, ex);
		}
	}

	/**
	 * Return the number that the parent gave it.
	 * @return the number
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Return what kind of socket it is.
	 * @return the kind
	 * @throws InheritedDescriptorException if it is no socket
	 */
	public SocketKind socket() {
		if (this.socket == null) {
			throw new InheritedDescriptorException("Descriptor " + this.number + " is not a socket");
		}
		return this.socket;
	}

	/**
	 * Return where it is.
	 * @return the path of the socket, or {@code /dev/fd/} and the number where it has
	 * none
	 */
	public Path path() {
		try {
			if (Descriptors.address(fileDescriptor(), false) instanceof UnixDomainSocketAddress address) {
				return address.getPath();
			}
		}
		catch (IOException | IllegalStateException ex) {
			// Only the number is known.
		}
		return Path.of("/dev/fd/" + this.number);
	}

	/**
	 * Return the descriptor without giving it away.
	 * @return the borrowed descriptor
	 * @throws IllegalStateException if it was given away or closed
	 */
	public FileDescriptor fileDescriptor() {
		FileDescriptor descriptor = this.handle.acquire();
		this.handle.release();
		return descriptor;
	}

	/**
	 * Take the descriptor: a duplicate of a listening socket, anything else itself.
	 * @return the descriptor, which the caller has to close
	 * @throws IllegalStateException if it was given away or closed before
	 */
	public FileDescriptor claim() {
		this.claimed = true;
		if (this.socket == null || !this.socket.listening()) {
			return this.handle.detach();
		}
		FileDescriptor listening = this.handle.acquire();
		try {
			return Descriptors.duplicate(listening);
		}
		catch (IOException ex) {
			throw notUsable(this.number, ex);
		}
		finally {
			this.handle.release();
		}
	}

	/**
	 * Whether the descriptor was taken.
	 * @return {@code true} from the first {@link #claim()} on
	 */
	public boolean isClaimed() {
		return this.claimed;
	}

	/**
	 * Whether the descriptor can be taken.
	 * @return {@code false} once it was given away or closed
	 */
	public boolean isAvailable() {
		return this.handle.isOpen();
	}

	/**
	 * Close this process's copy, unless it was given away.
	 */
	public void close() {
		this.handle.close();
	}

	private static boolean isSocket(FileDescriptor descriptor) {
		return Kernel.calls().status(descriptor).isSocket();
	}

	private static FdException notUsable(int number, IOException ex) {
		return new FdException("Descriptor " + number + " cannot be taken over: " + ex.getMessage(), ex);
	}

}
