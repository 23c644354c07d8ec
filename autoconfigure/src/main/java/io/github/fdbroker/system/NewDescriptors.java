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

package io.github.fdbroker.system;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.SocketType;

/**
 * System calls that open descriptors, which the caller has to close. They are made
 * directly with every transport, and set close-on-exec.
 */
public final class NewDescriptors {

	public static final int READ = 0;

	public static final int WRITE = 1;

	public static final int READ_WRITE = 2;

	public static final int CREATE = 0100;

	public static final int EXCLUSIVE = 0200;

	public static final int TRUNCATE = 01000;

	public static final int APPEND = 02000;

	/** A place in the file system, see open(2). */
	public static final int PATH = 010000000;

	private static final int AT_FDCWD = -100;

	private static final int CLOEXEC = 02000000;

	private static final int MEMFD_CLOEXEC = 1;

	private static final int MEMFD_ALLOW_SEALING = 2;

	private static final int F_ADD_SEALS = 1033;

	/** {@code F_SEAL_SEAL}, {@code SHRINK}, {@code GROW} and {@code WRITE}. */
	private static final int ALL_SEALS = 15;

	private static final int CREATED_MODE = 0666;

	private static final SingletonSupplier<Libc> LIBC = SingletonSupplier.of(() -> LibcBinding.preferred().bind());

	private NewDescriptors() {
	}

	/**
	 * Open a file or directory (openat(2)).
	 * @param path the path
	 * @param flags the access mode and flags
	 * @return the descriptor
	 * @throws IOException if the kernel refuses
	 */
	public static FileDescriptor open(String path, int flags) throws IOException {
		CallMemory memory = text(path);
		return descriptor(Syscall.OPENAT,
				libc().call(memory, Syscall.OPENAT, AT_FDCWD, memory.address(), flags | CLOEXEC, CREATED_MODE, 0, 0));
	}

	/**
	 * Create a file in memory (memfd_create(2)) that can be sealed.
	 * @param name the name, for {@code /proc}
	 * @return the descriptor
	 * @throws IOException if the kernel refuses
	 */
	public static FileDescriptor memory(String name) throws IOException {
		CallMemory memory = text(name);
		return descriptor(Syscall.MEMFD_CREATE,
				libc().call(memory, Syscall.MEMFD_CREATE, memory.address(), MEMFD_CLOEXEC | MEMFD_ALLOW_SEALING, 0));
	}

	/**
	 * Seal a file in memory: neither its content nor its size can be changed from now on,
	 * nor its seals.
	 * @param file the file
	 * @throws IOException if it cannot be sealed
	 */
	public static void seal(FileDescriptor file) throws IOException {
		Errno.check("fcntl", libc().call(text(""), Syscall.FCNTL, Descriptors.number(file), F_ADD_SEALS, ALL_SEALS));
	}

	/**
	 * Create a pipe (pipe2(2)).
	 * @return the end to read from, and the end to write to
	 * @throws IOException if the kernel refuses
	 */
	public static FileDescriptor[] pipe() throws IOException {
		CallMemory memory = new CallMemory(libc(), 2 * Integer.BYTES);
		return pair(Syscall.PIPE2, memory, libc().call(memory, Syscall.PIPE2, memory.address(), CLOEXEC, 0));
	}

	/**
	 * Create two connected {@code AF_UNIX} sockets (socketpair(2)).
	 * @param type their type
	 * @return both ends
	 * @throws IOException if the kernel refuses
	 */
	public static FileDescriptor[] socketPair(SocketType type) throws IOException {
		CallMemory memory = new CallMemory(libc(), 2 * Integer.BYTES);
		return pair(Syscall.SOCKETPAIR, memory, libc().call(memory, Syscall.SOCKETPAIR, KernelAddress.AF_UNIX,
				SocketTypes.number(type) | CLOEXEC, 0, memory.address(), 0, 0));
	}

	private static Libc libc() {
		return LIBC.obtain();
	}

	private static CallMemory text(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		CallMemory memory = new CallMemory(libc(), bytes.length + 1);
		memory.bytes().put(0, bytes);
		return memory;
	}

	private static FileDescriptor descriptor(Syscall call, long result) throws IOException {
		return FileDescriptors.of(Errno.check(name(call), result));
	}

	private static FileDescriptor[] pair(Syscall call, CallMemory memory, long result) throws IOException {
		Errno.check(name(call), result);
		return new FileDescriptor[] { FileDescriptors.of(memory.bytes().getInt(0)),
				FileDescriptors.of(memory.bytes().getInt(Integer.BYTES)) };
	}

	private static String name(Syscall call) {
		return call.name().toLowerCase(Locale.ROOT);
	}

}
