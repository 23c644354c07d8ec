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

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * System calls on a descriptor over the foreign-function API, on 64-bit Linux.
 */
public final class NativeDescriptors {

	private static final int F_GETFL = 3;

	private static final int O_NONBLOCK = 04000;

	private static final int AT_EMPTY_PATH = 0x1000;

	private static final int STATX_TYPE = 1;

	/**
	 * Where {@code struct statx} has the mode, which is the same on all architectures.
	 */
	private static final int STX_MODE = 28;

	private static final int STATX_BYTES = 256;

	private static final int SOL_SOCKET = 1;

	private static final int SO_PEERGROUPS = 59;

	public static final int SO_PASSCRED = 16;

	/** Linux 6.16, the same number on x86-64 and aarch64. */
	public static final int SO_PASSRIGHTS = 83;

	private static final int MAX_GROUPS = 65536;

	private static final @Nullable NativeDescriptors INSTANCE = ForeignFunctions.unsuitable().isEmpty() ? create()
			: null;

	private final MethodHandle fcntl;

	private final MethodHandle statx;

	private final MethodHandle getsockopt;

	private final MethodHandle setsockopt;

	private final MethodHandle getpeername;

	private final ForeignFunctions functions;

	private final Object ignoredErrno;

	private final ByteBuffer emptyPath = ByteBuffer.allocateDirect(1);

	private final ThreadLocal<ByteBuffer> scratch = ThreadLocal
		.withInitial(() -> ByteBuffer.allocateDirect(STATX_BYTES).order(ByteOrder.nativeOrder()));

	private NativeDescriptors(ForeignFunctions functions) throws ReflectiveOperationException {
		this.functions = functions;
		this.fcntl = functions.bind("fcntl", MethodType.methodType(int.class, int.class, int.class));
		this.statx = functions.bind("statx",
				MethodType.methodType(int.class, int.class, long.class, int.class, int.class, long.class));
		this.getsockopt = functions.bind("getsockopt",
				MethodType.methodType(int.class, int.class, int.class, int.class, long.class, long.class));
		this.setsockopt = functions.bind("setsockopt",
				MethodType.methodType(int.class, int.class, int.class, int.class, long.class, int.class));
		this.getpeername = functions.bind("getpeername",
				MethodType.methodType(int.class, int.class, long.class, long.class));
		this.ignoredErrno = functions.segment(ByteBuffer.allocateDirect(Integer.BYTES));
	}

	/**
	 * Return the one instance.
	 * @return the instance, or {@code null} where the foreign-function API is not
	 * available
	 */
	public static @Nullable NativeDescriptors instance() {
		return INSTANCE;
	}

	/**
	 * Return the flags of an open file description ({@code F_GETFL}, see fcntl(2)).
	 * @return the flags, or -1
	 */
	public int flags(int descriptor) {
		try {
			return (int) this.fcntl.invokeExact(this.ignoredErrno, descriptor, F_GETFL);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Whether calls on a descriptor return at once ({@code O_NONBLOCK}, see open(2)).
	 */
	public boolean isNonBlocking(int descriptor) {
		return (flags(descriptor) & O_NONBLOCK) != 0;
	}

	/**
	 * Return the type of a file, as in {@code st_mode} (see statx(2)).
	 * @return the mode, or -1
	 */
	public int mode(int descriptor) {
		ByteBuffer result = this.scratch.get();
		try {
			int failed = (int) this.statx.invokeExact(this.ignoredErrno, descriptor,
					this.functions.address(this.emptyPath), AT_EMPTY_PATH, STATX_TYPE, this.functions.address(result));
			return (failed == 0) ? Short.toUnsignedInt(result.getShort(STX_MODE)) : -1;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return a number that is an option of a socket (see socket(7)).
	 * @return the number, or -1
	 */
	public int option(int socket, int option) {
		ByteBuffer value = this.scratch.get();
		return (getOption(socket, option, value, Integer.BYTES) == 0) ? value.getInt(Long.BYTES) : -1;
	}

	/**
	 * Set an option of a socket that is a number (see socket(7)).
	 * @throws IOException if the kernel refuses
	 */
	public void setOption(int socket, int option, int value) throws IOException {
		ByteBuffer buffer = this.scratch.get().putInt(0, value);
		int failed;
		try {
			failed = (int) this.setsockopt.invokeExact(this.ignoredErrno, socket, SOL_SOCKET, option,
					this.functions.address(buffer), Integer.BYTES);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
		if (failed != 0) {
			throw new IOException("Option %d of a socket cannot be set to %d".formatted(option, value));
		}
	}

	/**
	 * Whether a socket has a peer, be it one without a name (see getpeername(2)).
	 */
	public boolean hasPeer(int socket) {
		ByteBuffer name = this.scratch.get();
		try {
			long address = this.functions.address(name);
			name.putInt(0, name.capacity() - Long.BYTES);
			return (int) this.getpeername.invokeExact(this.ignoredErrno, socket, address + Long.BYTES, address) == 0;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the supplementary groups of a peer ({@code SO_PEERGROUPS}, Linux 4.13).
	 * @return the groups, empty where the kernel does not tell
	 */
	public List<Long> peerGroups(int socket) {
		ByteBuffer value = this.scratch.get();
		int room = value.capacity() - Long.BYTES;
		if (getOption(socket, SO_PEERGROUPS, value, room) != 0) {
			room = value.getInt(0);
			if (room <= value.capacity() - Long.BYTES || room > MAX_GROUPS * Integer.BYTES) {
				return List.of();
			}
			value = ByteBuffer.allocateDirect(Long.BYTES + room).order(ByteOrder.nativeOrder());
			if (getOption(socket, SO_PEERGROUPS, value, room) != 0) {
				return List.of();
			}
		}
		List<Long> groups = new ArrayList<>();
		for (int offset = 0; offset < value.getInt(0); offset += Integer.BYTES) {
			groups.add(Descriptors.unsigned(value.getInt(Long.BYTES + offset)));
		}
		return groups;
	}

	/**
	 * Call getsockopt(2) with a buffer that begins with the length, padded, and goes on
	 * with the value.
	 */
	private int getOption(int socket, int option, ByteBuffer buffer, int length) {
		try {
			long address = this.functions.address(buffer);
			buffer.putInt(0, length);
			return (int) this.getsockopt.invokeExact(this.ignoredErrno, socket, SOL_SOCKET, option,
					address + Long.BYTES, address);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable NativeDescriptors create() {
		try {
			return new NativeDescriptors(new ForeignFunctions());
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

}
