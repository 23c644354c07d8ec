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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;

/**
 * System calls that are made directly, on 64-bit Linux.
 */
public final class NativeCalls implements SystemCalls {

	/** Makes urgent data part of the stream (send(2) with {@code MSG_OOB}). */
	public static final int SO_OOBINLINE = 10;

	/** Makes the kernel report the sender of each message. */
	public static final int SO_PASSCRED = 16;

	private static final int F_GETFL = 3;

	private static final int F_DUPFD_CLOEXEC = 1030;

	private static final int O_NONBLOCK = 04000;

	private static final int CLOEXEC = 02000000;

	/** Where {@code struct stat} has the mode. */
	private static final int ST_MODE = Syscall.isX86() ? 24 : 16;

	/** More than {@code struct stat} takes. */
	private static final int SCRATCH_BYTES = 256;

	private static final int SOL_SOCKET = 1;

	private static final int SO_TYPE = 3;

	private static final int SO_SNDBUF = 7;

	private static final int SO_PEERCRED = 17;

	private static final int SO_ACCEPTCONN = 30;

	private static final int SO_DOMAIN = 39;

	private static final int SO_PEERGROUPS = 59;

	/** Linux 6.16, the same number on x86-64 and aarch64. */
	private static final int SO_PASSRIGHTS = 83;

	/** How many bytes wait, as memory of the kernel (tty(4), unix(7)). */
	private static final int SIOCOUTQ = 0x5411;

	private static final int UCRED_BYTES = 12;

	private static final int MAX_GROUPS = 65536;

	private final Libc libc;

	private final CallMemory ignored;

	private final ThreadLocal<CallMemory> scratch;

	private volatile boolean hasCloseRange = true;

	/**
	 * Create the calls.
	 * @param libc the binding
	 */
	public NativeCalls(Libc libc) {
		this.libc = libc;
		this.ignored = new CallMemory(libc, 0);
		this.scratch = ThreadLocal.withInitial(() -> new CallMemory(libc, SCRATCH_BYTES));
	}

	public Libc libc() {
		return this.libc;
	}

	@Override
	public void close(int number) {
		this.libc.call(this.ignored, Syscall.CLOSE, number, 0, 0);
	}

	/**
	 * close_range(2) fails before it closes anything: where the kernel has no such call
	 * (Linux 5.9), or a filter of system calls does not know it.
	 */
	@Override
	public void closeRange(int first, int last) {
		if (!this.hasCloseRange || this.libc.call(this.scratch.get(), Syscall.CLOSE_RANGE, first, last, 0) < 0) {
			this.hasCloseRange = false;
			SystemCalls.super.closeRange(first, last);
		}
	}

	@Override
	public FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		return FileDescriptors.of(check(Syscall.FCNTL, call(Syscall.FCNTL, descriptor, F_DUPFD_CLOEXEC, 0)));
	}

	@Override
	public void replace(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		check(Syscall.DUP3, call(Syscall.DUP3, descriptor, FileDescriptors.number(target), CLOEXEC));
	}

	@Override
	public FileStatus status(FileDescriptor descriptor) {
		long flags = call(Syscall.FCNTL, descriptor, F_GETFL, 0);
		return new FileStatus(mode(descriptor), (int) Math.max(flags, -1));
	}

	private int mode(FileDescriptor descriptor) {
		CallMemory memory = this.scratch.get();
		long failed = call(Syscall.FSTAT, descriptor, memory.address(), 0);
		return (failed == 0) ? memory.bytes().getInt(ST_MODE) : -1;
	}

	/**
	 * Whether calls on a descriptor return at once ({@code O_NONBLOCK}, see open(2)).
	 * @param descriptor the descriptor
	 * @return {@code true} if they do
	 */
	public boolean isNonBlocking(FileDescriptor descriptor) {
		return (call(Syscall.FCNTL, descriptor, F_GETFL, 0) & O_NONBLOCK) != 0;
	}

	@Override
	public SocketKind socketKind(FileDescriptor socket) throws IOException {
		Family family = KernelAddress.family(option(socket, SO_DOMAIN));
		boolean listening = option(socket, SO_ACCEPTCONN) == 1;
		return new SocketKind(family, type(option(socket, SO_TYPE)), listening, !listening && hasPeer(socket));
	}

	private static @Nullable SocketType type(int number) {
		return switch (number) {
			case 1 -> SocketType.STREAM;
			case 2 -> SocketType.DATAGRAM;
			case 5 -> SocketType.SEQPACKET;
			default -> null;
		};
	}

	/**
	 * Whether a socket has a peer, be it one without a name (see getpeername(2)).
	 */
	private boolean hasPeer(FileDescriptor socket) {
		CallMemory memory = this.scratch.get();
		memory.bytes().putInt(0, SCRATCH_BYTES - Long.BYTES);
		return call(Syscall.GETPEERNAME, socket, memory.address() + Long.BYTES, memory.address()) == 0;
	}

	@Override
	public FileDescriptor accept(FileDescriptor listening) throws IOException {
		long accepted = acceptOnce(listening);
		while (accepted == -Errno.EINTR) {
			accepted = acceptOnce(listening);
		}
		return (accepted == -Errno.EAGAIN) ? new FileDescriptor()
				: FileDescriptors.of(check(Syscall.ACCEPT4, accepted));
	}

	private long acceptOnce(FileDescriptor listening) {
		return this.libc.call(this.scratch.get(), Syscall.ACCEPT4, FileDescriptors.number(listening), 0, 0, CLOEXEC, 0,
				0);
	}

	@Override
	public PeerCredentials peerCredentials(FileDescriptor connection) throws IOException {
		ByteBuffer ucred = this.scratch.get().bytes();
		check(Syscall.GETSOCKOPT, getOption(connection, SO_PEERCRED, UCRED_BYTES));
		int pid = ucred.getInt(Long.BYTES);
		int uid = ucred.getInt(Long.BYTES + Integer.BYTES);
		int gid = ucred.getInt(Long.BYTES + 2 * Integer.BYTES);
		if (pid == 0 && uid == -1) {
			throw new IOException("The system does not report the credentials of the peer");
		}
		return new PeerCredentials(pid, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid),
				peerGroups(connection));
	}

	/**
	 * Return the supplementary groups of a peer ({@code SO_PEERGROUPS}, Linux 4.13).
	 */
	private List<Long> peerGroups(FileDescriptor connection) {
		CallMemory memory = this.scratch.get();
		int room = SCRATCH_BYTES - Long.BYTES;
		if (getOption(connection, SO_PEERGROUPS, room) != 0) {
			room = memory.bytes().getInt(0);
			if (room <= SCRATCH_BYTES - Long.BYTES || room > MAX_GROUPS * Integer.BYTES) {
				return List.of();
			}
			memory = new CallMemory(this.libc, Long.BYTES + room);
			if (getOption(connection, SO_PEERGROUPS, memory, room) != 0) {
				return List.of();
			}
		}
		List<Long> groups = new ArrayList<>();
		for (int offset = 0; offset < memory.bytes().getInt(0); offset += Integer.BYTES) {
			groups.add(Integer.toUnsignedLong(memory.bytes().getInt(Long.BYTES + offset)));
		}
		return groups;
	}

	@Override
	public boolean canRefuseDescriptors() {
		try {
			FileDescriptor socket = socket(SocketType.STREAM);
			try {
				return option(socket, SO_PASSRIGHTS) != -1;
			}
			finally {
				close(FileDescriptors.number(socket));
			}
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void setPassRights(FileDescriptor socket, boolean pass) throws IOException {
		setOption(socket, SO_PASSRIGHTS, pass ? 1 : 0);
	}

	@Override
	public boolean passesRights(FileDescriptor socket) {
		return option(socket, SO_PASSRIGHTS) != 0;
	}

	@Override
	public SendBuffer sendBuffer(FileDescriptor socket) throws IOException {
		int size = option(socket, SO_SNDBUF);
		CallMemory memory = this.scratch.get();
		check(Syscall.IOCTL, call(Syscall.IOCTL, socket, SIOCOUTQ, memory.address()));
		return new SendBuffer(size, memory.bytes().getInt(0));
	}

	/**
	 * Set an option of a socket that is a number (see socket(7)).
	 * @param socket the socket
	 * @param option the option
	 * @param value its value
	 * @throws IOException if the kernel refuses
	 */
	public void setOption(FileDescriptor socket, int option, int value) throws IOException {
		CallMemory memory = this.scratch.get();
		memory.bytes().putInt(0, value);
		check(Syscall.SETSOCKOPT, this.libc.call(memory, Syscall.SETSOCKOPT, FileDescriptors.number(socket), SOL_SOCKET,
				option, memory.address(), Integer.BYTES, 0));
	}

	/**
	 * Return a number that is an option of a socket (see socket(7)), or -1.
	 */
	private int option(FileDescriptor socket, int option) {
		return (getOption(socket, option, Integer.BYTES) == 0) ? this.scratch.get().bytes().getInt(Long.BYTES) : -1;
	}

	private long getOption(FileDescriptor socket, int option, int room) {
		return getOption(socket, option, this.scratch.get(), room);
	}

	/**
	 * Call getsockopt(2) with memory that begins with the length, padded, and goes on
	 * with the value.
	 */
	private long getOption(FileDescriptor socket, int option, CallMemory memory, int room) {
		memory.bytes().putInt(0, room);
		return this.libc.call(memory, Syscall.GETSOCKOPT, FileDescriptors.number(socket), SOL_SOCKET, option,
				memory.address() + Long.BYTES, memory.address(), 0);
	}

	private long call(Syscall call, FileDescriptor descriptor, long second, long third) {
		return this.libc.call(this.scratch.get(), call, FileDescriptors.number(descriptor), second, third);
	}

	private static int check(Syscall call, long result) throws IOException {
		return Errno.check(call.name().toLowerCase(Locale.ROOT), result);
	}

}
