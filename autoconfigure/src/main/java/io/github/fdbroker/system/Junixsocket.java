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
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;

/**
 * The system calls of junixsocket.
 * <p>
 * Its public classes bind over files that are not theirs, drop, close and leak
 * descriptors; its native methods beneath them do none of that, but are package-private.
 * They are looked up once, here, and nowhere else. Another version of junixsocket that
 * has no such methods is refused at start-up with {@link FdConfigurationException}.
 */
public final class Junixsocket {

	public static final int DOMAIN_UNIX = 1;

	public static final int SHUT_RD = 0;

	public static final int SHUT_WR = 1;

	public static final int SHUT_RDWR = 2;

	public static final int OP_READ = 1;

	public static final int OP_WRITE = 4;

	/** What {@link #poll} reports for POLLERR, POLLHUP and POLLNVAL. */
	public static final int OP_INVALID = 128;

	/** As junixsocket numbers it. */
	private static final int SO_SNDTIMEO = 0x1005;

	/** As junixsocket numbers it. */
	private static final int SO_RCVTIMEO = 0x1006;

	private static final int OPT_DGRAM_MODE = 16;

	private static final int BIND_OPT_REUSE = 1;

	private static final int FAMILY_BYTES = 2;

	public static final int ADDRESS_LENGTH = 256;

	private static final String PACKAGE = "org.newsclub.net.unix.";

	private static final MethodHandle CREATE;

	private static final MethodHandle PAIR;

	private static final MethodHandle REDIRECT;

	private static final MethodHandle BIND;

	private static final MethodHandle LISTEN;

	private static final MethodHandle ACCEPT;

	private static final MethodHandle CONNECT;

	private static final MethodHandle RECEIVE;

	private static final MethodHandle SEND;

	private static final MethodHandle AVAILABLE;

	private static final MethodHandle SHUTDOWN;

	private static final MethodHandle DUPLICATE;

	private static final MethodHandle POLL;

	private static final MethodHandle CONFIGURE_BLOCKING;

	private static final MethodHandle SET_OPTION;

	private static final MethodHandle SOCKNAME;

	private static final MethodHandle PRIMARY_TYPE;

	private static final MethodHandle INIT_FD;

	private static final MethodHandle GET_FD;

	private static final MethodHandle TO_ADDRESS;

	private static final MethodHandle PEER_CREDENTIALS;

	private static final MethodHandle NEW_CREDENTIALS;

	private static final MethodHandle NEW_POLL_FD;

	private static final MethodHandle POLL_RESULT;

	private static final MethodHandle NEW_ANCILLARY;

	private static final VarHandle ANCILLARY_BUFFER;

	private static final VarHandle PENDING_DESCRIPTORS;

	private static final MethodHandle TAKE_RECEIVED;

	private static final MethodHandle OPEN_RECEIVED;

	static {
		try {
			Class.forName(PACKAGE + "AFUNIXSocket");
			Class<?> natives = Class.forName(PACKAGE + "NativeUnixSocket");
			Class<?> ancillary = Class.forName(PACKAGE + "AncillaryDataSupport");
			Class<?> pollFd = Class.forName(PACKAGE + "AFSelector$PollFd");
			Class<?> creds = AFUNIXSocketCredentials.class;
			Class<?> fd = FileDescriptor.class;
			Class<?> buffer = ByteBuffer.class;
			MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(natives, MethodHandles.lookup());
			MethodHandles.Lookup inside = MethodHandles.privateLookupIn(ancillary, MethodHandles.lookup());
			MethodHandles.Lookup polling = MethodHandles.privateLookupIn(pollFd, MethodHandles.lookup());
			Natives in = new Natives(lookup, natives);
			CREATE = in.find("createSocket", void.class, fd, int.class, int.class);
			PAIR = in.find("socketPair", void.class, int.class, int.class, fd, fd);
			REDIRECT = in.find("initRedirect", Redirect.class, fd);
			BIND = in.find("bind", long.class, buffer, int.class, fd, int.class);
			LISTEN = in.find("listen", void.class, fd, int.class);
			ACCEPT = in.find("accept", boolean.class, buffer, int.class, fd, fd, long.class, int.class);
			CONNECT = in.find("connect", boolean.class, buffer, int.class, fd, long.class);
			RECEIVE = in
				.find("receive", int.class, fd, buffer, int.class, int.class, buffer, int.class, ancillary, int.class)
				.asType(MethodType.methodType(int.class, fd, buffer, int.class, int.class, buffer, int.class,
						Object.class, int.class));
			SEND = in.find("send", int.class, fd, buffer, int.class, int.class, buffer, int.class, int.class, ancillary)
				.asType(MethodType.methodType(int.class, fd, buffer, int.class, int.class, buffer, int.class, int.class,
						Object.class));
			AVAILABLE = in.find("available", int.class, fd, buffer);
			SHUTDOWN = in.find("shutdown", void.class, fd, int.class);
			DUPLICATE = in.find("duplicate", fd, fd, fd);
			POLL = in.find("poll", int.class, pollFd, int.class)
				.asType(MethodType.methodType(int.class, Object.class, int.class));
			CONFIGURE_BLOCKING = in.find("configureBlocking", void.class, fd, boolean.class);
			SET_OPTION = in.find("setSocketOptionInt", void.class, fd, int.class, int.class);
			SOCKNAME = in.find("sockname", byte[].class, int.class, fd, boolean.class);
			PRIMARY_TYPE = in.find("primaryType", Class.class, fd);
			INIT_FD = in.find("initFD", void.class, fd, int.class);
			GET_FD = in.find("getFD", int.class, fd);
			TO_ADDRESS = in.find("bytesToSockAddr", int.class, int.class, buffer, byte[].class);
			PEER_CREDENTIALS = in.find("peerCredentials", creds, fd, creds);
			NEW_CREDENTIALS = MethodHandles.privateLookupIn(creds, MethodHandles.lookup())
				.findConstructor(creds, MethodType.methodType(void.class));
			NEW_POLL_FD = polling
				.findConstructor(pollFd, MethodType.methodType(void.class, FileDescriptor[].class, int[].class))
				.asType(MethodType.methodType(Object.class, FileDescriptor[].class, int[].class));
			POLL_RESULT = polling.findGetter(pollFd, "rops", int[].class)
				.asType(MethodType.methodType(int[].class, Object.class));
			NEW_ANCILLARY = inside.findConstructor(ancillary, MethodType.methodType(void.class))
				.asType(MethodType.methodType(Object.class));
			ANCILLARY_BUFFER = inside.findVarHandle(ancillary, "ancillaryReceiveBuffer", buffer);
			PENDING_DESCRIPTORS = inside.findVarHandle(ancillary, "pendingFileDescriptors", int[].class);
			TAKE_RECEIVED = inside
				.findVirtual(ancillary, "getReceivedFileDescriptors", MethodType.methodType(FileDescriptor[].class))
				.asType(MethodType.methodType(FileDescriptor[].class, Object.class));
			OPEN_RECEIVED = inside.findGetter(ancillary, "openReceivedFileDescriptors", Map.class)
				.asType(MethodType.methodType(Map.class, Object.class));
		}
		catch (ReflectiveOperationException ex) {
			throw FdConfigurationException
				.unsupportedSystem("This version of junixsocket lacks what fdbroker needs of it (" + ex.getMessage()
						+ "): version 2.11.1 has it", ex);
		}
		if (!AFUNIXSocket.isSupported()) {
			throw FdConfigurationException
				.unsupportedSystem("junixsocket has no native library for " + System.getProperty("os.name") + " on "
						+ System.getProperty("os.arch") + ", or it cannot be loaded from java.io.tmpdir", null);
		}
	}

	private Junixsocket() {
	}

	public static FileDescriptor socket() throws IOException {
		return socket(SocketType.STREAM);
	}

	public static FileDescriptor socket(SocketType type) throws IOException {
		FileDescriptor descriptor = new FileDescriptor();
		call(() -> CREATE.invoke(descriptor, DOMAIN_UNIX, number(type)));
		return descriptor;
	}

	public static FileDescriptor[] socketPair() throws IOException {
		return socketPair(SocketType.STREAM);
	}

	public static FileDescriptor[] socketPair(SocketType type) throws IOException {
		FileDescriptor[] ends = { new FileDescriptor(), new FileDescriptor() };
		call(() -> PAIR.invoke(DOMAIN_UNIX, number(type), ends[0], ends[1]));
		return ends;
	}

	/**
	 * As junixsocket and Linux number it.
	 */
	static int number(SocketType type) {
		return switch (type) {
			case STREAM -> 1;
			case DATAGRAM -> 2;
			case SEQPACKET -> 5;
		};
	}

	/**
	 * Return what makes a child process inherit a descriptor as one of its standard
	 * streams. It refers to the number, and is of no use once that is closed.
	 */
	public static Redirect redirect(FileDescriptor descriptor) throws IOException {
		try {
			Redirect redirect = (Redirect) REDIRECT.invokeExact(descriptor);
			if (redirect == null) {
				throw new IOException("This version of Java lets no child process inherit a descriptor");
			}
			return redirect;
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Bind, and chmod to 0666, which is why it must happen where nobody else can look.
	 */
	public static void bind(FileDescriptor descriptor, byte[] path) throws IOException {
		ByteBuffer address = address(path);
		call(() -> BIND.invoke(address, address.remaining(), descriptor, 0));
	}

	/**
	 * Bind to an abstract name. With the option, junixsocket binds at once; without, it
	 * connects to whoever has the name first.
	 * @param name the name with its leading zero, empty to have the kernel choose one
	 */
	public static void bindAbstract(FileDescriptor descriptor, byte[] name) throws IOException {
		ByteBuffer address = address(name);
		int length = Math.max(address.remaining(), FAMILY_BYTES);
		call(() -> BIND.invoke(address, length, descriptor, BIND_OPT_REUSE));
	}

	/**
	 * Return an address in the form of the kernel.
	 * @param name a path, or an abstract name with its leading zero
	 * @return a direct buffer with the capacity that junixsocket wants
	 */
	public static ByteBuffer address(byte[] name) throws IOException {
		ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_LENGTH);
		call(() -> {
			int length = (int) TO_ADDRESS.invokeExact(DOMAIN_UNIX, address, name);
			address.limit(length);
		});
		return address;
	}

	public static void listen(FileDescriptor descriptor, int backlog) throws IOException {
		call(() -> LISTEN.invoke(descriptor, backlog));
	}

	public static FileDescriptor accept(FileDescriptor listening) throws IOException {
		ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_LENGTH);
		FileDescriptor accepted = new FileDescriptor();
		call(() -> ACCEPT.invoke(address, ADDRESS_LENGTH, listening, accepted, -1L, 0));
		return accepted;
	}

	public static boolean connect(FileDescriptor descriptor, byte[] path) throws IOException {
		ByteBuffer address = address(path);
		boolean[] connected = new boolean[1];
		call(() -> connected[0] = (boolean) CONNECT.invokeExact(address, address.remaining(), descriptor, -1L));
		return connected[0];
	}

	/**
	 * Receive bytes.
	 * @param address where to put the address of a datagram's sender, cleared before
	 * @return how many bytes came, 0 if there are none and the socket does not block, -1
	 * for an empty message and for the end
	 */
	public static int receive(FileDescriptor descriptor, ByteBuffer into, @Nullable ByteBuffer address,
			Object ancillary) throws IOException {
		try {
			return (int) RECEIVE.invokeExact(descriptor, into, into.position(), into.remaining(), address, 0, ancillary,
					0);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Send bytes.
	 * @param address where to, {@code null} for the peer
	 * @return how many were taken, 0 also if there is no room
	 */
	public static int send(FileDescriptor descriptor, ByteBuffer data, @Nullable ByteBuffer address,
			@Nullable Object ancillary) throws IOException {
		try {
			return (int) SEND.invokeExact(descriptor, data, data.position(), data.remaining(), address,
					(address != null) ? address.remaining() : 0, 0, ancillary);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Receive a datagram and its sender's address.
	 * @return how many bytes came; nothing tells an empty datagram from none
	 */
	public static int receiveFrom(FileDescriptor descriptor, ByteBuffer into, ByteBuffer address) throws IOException {
		try {
			return (int) RECEIVE.invokeExact(descriptor, into, into.position(), into.remaining(), address,
					OPT_DGRAM_MODE, (Object) null, 0);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	public static int sendTo(FileDescriptor descriptor, ByteBuffer data, ByteBuffer address) throws IOException {
		try {
			return (int) SEND.invokeExact(descriptor, data, data.position(), data.remaining(), address,
					address.remaining(), OPT_DGRAM_MODE, (Object) null);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Return how many bytes can be received, see {@code SIOCINQ} in unix(7).
	 */
	public static int available(FileDescriptor descriptor) throws IOException {
		try {
			return (int) AVAILABLE.invokeExact(descriptor, (ByteBuffer) null);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	public static void shutdown(FileDescriptor descriptor, int how) throws IOException {
		call(() -> SHUTDOWN.invoke(descriptor, how));
	}

	public static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		FileDescriptor copy = new FileDescriptor();
		return duplicate(descriptor, copy);
	}

	/**
	 * Set close-on-exec: dup2 of a number onto itself leaves it as it is, and junixsocket
	 * sets the flag after that.
	 */
	public static void setCloseOnExec(FileDescriptor descriptor) throws IOException {
		duplicate(descriptor, descriptor);
	}

	/**
	 * Make the number of a descriptor refer to what another one refers to (dup2).
	 */
	public static void replace(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		duplicate(descriptor, target);
	}

	private static FileDescriptor duplicate(FileDescriptor descriptor, FileDescriptor target) throws IOException {
		try {
			FileDescriptor copy = (FileDescriptor) DUPLICATE.invokeExact(descriptor, target);
			if (copy == null) {
				throw new IOException("Bad file descriptor");
			}
			return copy;
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Poll one descriptor.
	 * @param timeoutMillis how long to wait, -1 for no limit
	 * @return those of the operations that are ready, with {@link #OP_INVALID} for a
	 * hang-up or error
	 */
	public static int poll(FileDescriptor descriptor, int operations, int timeoutMillis) throws IOException {
		return poll(new FileDescriptor[] { descriptor }, new int[] { operations }, timeoutMillis)[0];
	}

	/**
	 * Poll several descriptors.
	 */
	public static int[] poll(FileDescriptor[] descriptors, int[] operations, int timeoutMillis) throws IOException {
		int[] wanted = new int[operations.length];
		for (int i = 0; i < wanted.length; i++) {
			wanted[i] = operations[i] | OP_INVALID;
		}
		try {
			Object request = (Object) NEW_POLL_FD.invokeExact(descriptors, wanted);
			int ready = (int) POLL.invokeExact(request, timeoutMillis);
			return (ready > 0) ? (int[]) POLL_RESULT.invokeExact(request) : new int[descriptors.length];
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Limit how long a send waits for room ({@code SO_SNDTIMEO}, see socket(7)).
	 */
	public static void setSendTimeout(FileDescriptor descriptor, int millis) throws IOException {
		call(() -> SET_OPTION.invoke(descriptor, SO_SNDTIMEO, millis));
	}

	/**
	 * Limit how long a receive waits for something ({@code SO_RCVTIMEO}, see socket(7)).
	 * @param millis how long, 0 for no limit
	 */
	public static void setReceiveTimeout(FileDescriptor descriptor, int millis) throws IOException {
		call(() -> SET_OPTION.invoke(descriptor, SO_RCVTIMEO, millis));
	}

	public static void configureBlocking(FileDescriptor descriptor, boolean blocking) throws IOException {
		call(() -> CONFIGURE_BLOCKING.invoke(descriptor, blocking));
	}

	/**
	 * Return a socket's address as the kernel's {@code sockaddr}.
	 * @return the address, or {@code null} if there is none
	 */
	public static byte @Nullable [] name(FileDescriptor descriptor, boolean peer) throws IOException {
		try {
			return (byte[]) SOCKNAME.invokeExact(-1, descriptor, peer);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Return the class that junixsocket represents a descriptor by.
	 * @return {@link FileDescriptor} for what is no socket, stream or datagram
	 */
	public static Class<?> primaryType(FileDescriptor descriptor) throws IOException {
		try {
			return (Class<?>) PRIMARY_TYPE.invokeExact(descriptor);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Close a descriptor (close(2)), and nothing else.
	 */
	public static void close(FileDescriptor descriptor) {
		// The Java runtime closes the number of a file that it opened once more when the
		// object is collected, unless it closed the file itself.
		try {
			new FileOutputStream(descriptor).close();
		}
		catch (IOException ex) {
			// The number is free whatever close(2) returns on Linux.
		}
	}

	public static FileDescriptor descriptor(int number) {
		try {
			FileDescriptor descriptor = new FileDescriptor();
			INIT_FD.invokeExact(descriptor, number);
			return descriptor;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static int number(FileDescriptor descriptor) {
		try {
			return (int) GET_FD.invokeExact(descriptor);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static AFUNIXSocketCredentials peerCredentials(FileDescriptor descriptor) throws IOException {
		try {
			AFUNIXSocketCredentials credentials = (AFUNIXSocketCredentials) NEW_CREDENTIALS.invokeExact();
			return (AFUNIXSocketCredentials) PEER_CREDENTIALS.invokeExact(descriptor, credentials);
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	/**
	 * Create the state that junixsocket keeps of one socket's control messages. This one
	 * belongs to no socket of junixsocket's, so nothing it received is closed with one.
	 * @param buffer where the kernel puts the control messages: a direct buffer of any
	 * size, where junixsocket itself never uses more than 256 bytes
	 */
	public static Object ancillary(ByteBuffer buffer) {
		try {
			Object ancillary = (Object) NEW_ANCILLARY.invokeExact();
			ANCILLARY_BUFFER.set(ancillary, buffer);
			return ancillary;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static void setPendingDescriptors(Object ancillary, int @Nullable [] numbers) {
		PENDING_DESCRIPTORS.set(ancillary, numbers);
	}

	/**
	 * Take the descriptors that arrived away from junixsocket, which forgets them.
	 */
	public static FileDescriptor[] takeReceived(Object ancillary) {
		try {
			((Map<?, ?>) OPEN_RECEIVED.invokeExact(ancillary)).clear();
			return (FileDescriptor[]) TAKE_RECEIVED.invokeExact(ancillary);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void call(SystemCall call) throws IOException {
		try {
			call.run();
		}
		catch (Throwable ex) {
			throw rethrow(ex);
		}
	}

	private static IOException rethrow(Throwable ex) {
		if (ex instanceof IOException io) {
			return io;
		}
		if (ex instanceof RuntimeException runtime) {
			throw runtime;
		}
		if (ex instanceof Error error) {
			throw error;
		}
		return new IOException(ex);
	}

	/**
	 * A call that throws what a method handle throws.
	 */
	private interface SystemCall {

		void run() throws Throwable;

	}

	/**
	 * Finds the static native methods of a class.
	 */
	private record Natives(MethodHandles.Lookup lookup, Class<?> type) {

		MethodHandle find(String name, Class<?> result, Class<?>... parameters) throws ReflectiveOperationException {
			return this.lookup.findStatic(this.type, name, MethodType.methodType(result, parameters));
		}

	}

}
