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
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.PeerCredentials;

/**
 * System calls by junixsocket. Where it has none, the file system provides the result.
 */
public final class JunixsocketCalls implements SystemCalls {

	private static final int OCTAL = 8;

	private static final int INFO_BYTES = 128;

	/** A socket is writable while this part of its send buffer is in use at most. */
	private static final int WRITABLE_PART = 4;

	/** The smallest use that can be told apart: the kernel has a smallest buffer. */
	private static final int MIN_USED = 1152;

	/** Less than the kernel needs for a message. */
	private static final int STEP = 256;

	private static final Pattern FLAGS = Pattern.compile("flags:\\s*([0-7]+)");

	/**
	 * Whether junixsocket has a native library for this system, and can load it.
	 * @return {@code true} if so
	 */
	public static boolean isSupported() {
		return AFUNIXSocket.isSupported();
	}

	@Override
	public void close(int number) {
		FileDescriptors.close(FileDescriptors.of(number));
	}

	@Override
	public FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		return JunixsocketDescriptors.duplicate(descriptor);
	}

	@Override
	public void replace(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		JunixsocketDescriptors.replace(descriptor, target);
	}

	@Override
	public FileStatus status(FileDescriptor descriptor) {
		int number = FileDescriptors.number(descriptor);
		return new FileStatus(mode(number), flags(number));
	}

	/**
	 * {@code /dev/fd/<n>} leads to the open file.
	 */
	private static int mode(int number) {
		try {
			return (int) Files.getAttribute(Path.of("/dev/fd/" + number), "unix:mode");
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * See proc(5).
	 */
	private static int flags(int number) {
		try (FileInputStream info = new FileInputStream("/proc/self/fdinfo/" + number)) {
			String text = new String(info.readNBytes(INFO_BYTES), StandardCharsets.US_ASCII);
			Matcher flags = FLAGS.matcher(text);
			return flags.find() ? Integer.parseInt(flags.group(1), OCTAL) : -1;
		}
		catch (IOException ex) {
			return -1;
		}
	}

	@Override
	public SocketKind socketKind(FileDescriptor socket) throws IOException {
		return SocketTraces.inspect(socket);
	}

	/**
	 * junixsocket closes a socket on which a call fails, so it gets a copy.
	 */
	@Override
	public FileDescriptor accept(FileDescriptor listening) throws IOException {
		FileDescriptor copy = JunixsocketDescriptors.duplicate(listening);
		try {
			return JunixsocketSockets.accept(copy);
		}
		finally {
			FileDescriptors.close(copy);
		}
	}

	@Override
	public PeerCredentials peerCredentials(FileDescriptor connection) throws IOException {
		AFUNIXSocketCredentials credentials = JunixsocketSockets.peerCredentials(connection);
		if (credentials == null || credentials.getUid() == -1 && credentials.getPid() == -1) {
			throw new IOException("The system does not report the credentials of the peer");
		}
		return new PeerCredentials(credentials.getPid(), Integer.toUnsignedLong((int) credentials.getUid()),
				Integer.toUnsignedLong((int) credentials.getGid()), List.of());
	}

	@Override
	public boolean canRefuseDescriptors() {
		return false;
	}

	@Override
	public void setPassRights(FileDescriptor socket, boolean pass) throws IOException {
		throw new IOException("only the native transport can do that");
	}

	@Override
	public boolean passesRights(FileDescriptor socket) {
		return true;
	}

	/**
	 * junixsocket does not ask for the use, but poll(2) tells whether it is more than a
	 * quarter of the size, which can be changed.
	 */
	@Override
	public SendBuffer sendBuffer(FileDescriptor socket) throws IOException {
		int size = JunixsocketSockets.sendBufferSize(socket);
		try {
			int low = MIN_USED;
			int high = size / 2;
			if (!isAtMost(socket, high)) {
				return new SendBuffer(size, size);
			}
			while (high - low > STEP) {
				int middle = (low + high) / 2;
				if (isAtMost(socket, middle)) {
					high = middle;
				}
				else {
					low = middle;
				}
			}
			return new SendBuffer(size, high);
		}
		finally {
			setSize(socket, size);
		}
	}

	private static boolean isAtMost(FileDescriptor socket, int used) throws IOException {
		setSize(socket, WRITABLE_PART * used);
		return JunixsocketDescriptors.poll(new FileDescriptor[] { socket }, new int[] { OP_WRITE }, 0)[0] != 0;
	}

	/**
	 * The kernel doubles what it is told (socket(7)).
	 */
	private static void setSize(FileDescriptor socket, int size) throws IOException {
		JunixsocketSockets.setSendBufferSize(socket, size / 2);
	}

}
