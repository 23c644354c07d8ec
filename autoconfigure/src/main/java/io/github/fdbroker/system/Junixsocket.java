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
import java.lang.ProcessBuilder.Redirect;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Map;

import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketCredentials;

import io.github.fdbroker.FdConfigurationException;

/**
 * The members of junixsocket that make system calls.
 * <p>
 * The public classes of junixsocket bind over files that belong to others, and drop,
 * close and leak descriptors. The native methods beneath them do none of that, but are
 * package-private. They are looked up once, here and nowhere else. A version of
 * junixsocket without them is refused at start-up with {@link FdConfigurationException}.
 */
final class Junixsocket {

	private static final String PACKAGE = "org.newsclub.net.unix.";

	static {
		// Loads the native library, which the classes below need.
		type("AFUNIXSocket");
	}

	private static final Class<?> NATIVES = type("NativeUnixSocket");

	private static final Class<?> ANCILLARY = type("AncillaryDataSupport");

	private static final Class<?> POLL_FD = type("AFSelector$PollFd");

	private static final Class<?> CREDENTIALS = AFUNIXSocketCredentials.class;

	private static final Class<?> FD = FileDescriptor.class;

	private static final Class<?> BUFFER = ByteBuffer.class;

	static final MethodHandle CREATE = method("createSocket", void.class, FD, int.class, int.class);

	static final MethodHandle PAIR = method("socketPair", void.class, int.class, int.class, FD, FD);

	static final MethodHandle REDIRECT = method("initRedirect", Redirect.class, FD);

	static final MethodHandle BIND = method("bind", long.class, BUFFER, int.class, FD, int.class);

	static final MethodHandle LISTEN = method("listen", void.class, FD, int.class);

	static final MethodHandle ACCEPT = method("accept", boolean.class, BUFFER, int.class, FD, FD, long.class,
			int.class);

	static final MethodHandle CONNECT = method("connect", boolean.class, BUFFER, int.class, FD, long.class);

	static final MethodHandle RECEIVE = method("receive", int.class, FD, BUFFER, int.class, int.class, BUFFER,
			int.class, ANCILLARY, int.class)
		.asType(MethodType.methodType(int.class, FD, BUFFER, int.class, int.class, BUFFER, int.class, Object.class,
				int.class));

	static final MethodHandle SEND = method("send", int.class, FD, BUFFER, int.class, int.class, BUFFER, int.class,
			int.class, ANCILLARY)
		.asType(MethodType.methodType(int.class, FD, BUFFER, int.class, int.class, BUFFER, int.class, int.class,
				Object.class));

	static final MethodHandle AVAILABLE = method("available", int.class, FD, BUFFER);

	static final MethodHandle SHUTDOWN = method("shutdown", void.class, FD, int.class);

	static final MethodHandle DUPLICATE = method("duplicate", FD, FD, FD);

	static final MethodHandle POLL = method("poll", int.class, POLL_FD, int.class)
		.asType(MethodType.methodType(int.class, Object.class, int.class));

	static final MethodHandle CONFIGURE_BLOCKING = method("configureBlocking", void.class, FD, boolean.class);

	static final MethodHandle SET_OPTION = method("setSocketOptionInt", void.class, FD, int.class, int.class);

	static final MethodHandle GET_OPTION = method("getSocketOptionInt", int.class, FD, int.class);

	static final MethodHandle SOCKNAME = method("sockname", byte[].class, int.class, FD, boolean.class);

	static final MethodHandle PRIMARY_TYPE = method("primaryType", Class.class, FD);

	static final MethodHandle INIT_FD = method("initFD", void.class, FD, int.class);

	static final MethodHandle GET_FD = method("getFD", int.class, FD);

	static final MethodHandle TO_ADDRESS = method("bytesToSockAddr", int.class, int.class, BUFFER, byte[].class);

	static final MethodHandle PEER_CREDENTIALS = method("peerCredentials", CREDENTIALS, FD, CREDENTIALS);

	static final MethodHandle NEW_CREDENTIALS = constructor(CREDENTIALS);

	static final MethodHandle NEW_POLL_FD = constructor(POLL_FD, FileDescriptor[].class, int[].class)
		.asType(MethodType.methodType(Object.class, FileDescriptor[].class, int[].class));

	static final MethodHandle POLL_RESULT = find(POLL_FD, (in) -> in.findGetter(POLL_FD, "rops", int[].class))
		.asType(MethodType.methodType(int[].class, Object.class));

	static final MethodHandle NEW_ANCILLARY = constructor(ANCILLARY).asType(MethodType.methodType(Object.class));

	static final VarHandle ANCILLARY_BUFFER = find(ANCILLARY,
			(in) -> in.findVarHandle(ANCILLARY, "ancillaryReceiveBuffer", BUFFER));

	static final VarHandle PENDING_DESCRIPTORS = find(ANCILLARY,
			(in) -> in.findVarHandle(ANCILLARY, "pendingFileDescriptors", int[].class));

	static final MethodHandle TAKE_RECEIVED = find(ANCILLARY,
			(in) -> in.findVirtual(ANCILLARY, "getReceivedFileDescriptors",
					MethodType.methodType(FileDescriptor[].class)))
		.asType(MethodType.methodType(FileDescriptor[].class, Object.class));

	static final MethodHandle OPEN_RECEIVED = find(ANCILLARY,
			(in) -> in.findGetter(ANCILLARY, "openReceivedFileDescriptors", Map.class))
		.asType(MethodType.methodType(Map.class, Object.class));

	static {
		if (!AFUNIXSocket.isSupported()) {
			throw FdConfigurationException
				.unsupportedSystem("junixsocket has no native library for " + System.getProperty("os.name") + " on "
						+ System.getProperty("os.arch") + ", or it cannot be loaded from java.io.tmpdir", null);
		}
	}

	private Junixsocket() {
	}

	/**
	 * Make a call, and throw what it throws as {@link #failure} says.
	 */
	static void call(NativeCall call) throws IOException {
		try {
			call.run();
		}
		catch (Throwable ex) {
			throw failure(ex);
		}
	}

	/**
	 * Return what a method handle threw as an exception that can be thrown, and throw it
	 * if it is unchecked.
	 */
	static IOException failure(Throwable ex) {
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

	private static Class<?> type(String name) {
		try {
			return Class.forName(PACKAGE + name);
		}
		catch (ClassNotFoundException ex) {
			throw lacking(ex);
		}
	}

	private static MethodHandle method(String name, Class<?> result, Class<?>... parameters) {
		return find(NATIVES, (in) -> in.findStatic(NATIVES, name, MethodType.methodType(result, parameters)));
	}

	private static MethodHandle constructor(Class<?> type, Class<?>... parameters) {
		return find(type, (in) -> in.findConstructor(type, MethodType.methodType(void.class, parameters)));
	}

	private static <T> T find(Class<?> type, LookUp<T> lookUp) {
		try {
			return lookUp.find(MethodHandles.privateLookupIn(type, MethodHandles.lookup()));
		}
		catch (ReflectiveOperationException ex) {
			throw lacking(ex);
		}
	}

	private static FdConfigurationException lacking(ReflectiveOperationException ex) {
		return FdConfigurationException
			.unsupportedSystem("This version of junixsocket lacks members that fdbroker needs (" + ex.getMessage()
					+ "): use version 2.11.1", ex);
	}

	/**
	 * A call that throws what a method handle throws.
	 */
	interface NativeCall {

		void run() throws Throwable;

	}

	/**
	 * A look-up of one member.
	 *
	 * @param <T> the kind of handle
	 */
	private interface LookUp<T> {

		T find(MethodHandles.Lookup in) throws ReflectiveOperationException;

	}

}
