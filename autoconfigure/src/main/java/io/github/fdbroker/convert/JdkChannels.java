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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousChannel;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.system.Descriptors;

/**
 * Creates the JDK's own channels from descriptors, and finds the descriptors of channels.
 * This requires access to the package {@code sun.nio.ch}, which an application opens on
 * the command line or in the manifest of its executable jar.
 */
final class JdkChannels {

	static final String ADVICE = "add --add-opens=java.base/sun.nio.ch=ALL-UNNAMED and "
			+ "--add-opens=java.base/java.net=ALL-UNNAMED to the command line, or "
			+ "'Add-Opens: java.base/sun.nio.ch java.base/java.net' to the manifest of the executable jar";

	private static final String PACKAGE = "sun.nio.ch.";

	/** {@code DatagramChannelImpl.ST_CONNECTED}. */
	private static final int CONNECTED = 1;

	private static final boolean AVAILABLE = isOpen();

	private JdkChannels() {
	}

	/**
	 * Whether {@code sun.nio.ch} is open to this class.
	 */
	static boolean isAvailable() {
		return AVAILABLE;
	}

	static SocketChannel socketChannel(FileDescriptor descriptor, FdKind kind) throws IOException {
		SocketAddress remote = Descriptors.address(descriptor, true);
		return (SocketChannel) create("SocketChannelImpl",
				new Class<?>[] { SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class,
						SocketAddress.class },
				SelectorProvider.provider(), family(kind), descriptor,
				(remote != null) ? remote : UnixDomainSocketAddress.of(""));
	}

	static ServerSocketChannel serverSocketChannel(FileDescriptor descriptor, FdKind kind) throws IOException {
		return (ServerSocketChannel) create("ServerSocketChannelImpl",
				new Class<?>[] { SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, boolean.class },
				SelectorProvider.provider(), family(kind), descriptor, true);
	}

	static DatagramChannel datagramChannel(FileDescriptor descriptor, FdKind kind) throws IOException {
		// Looked up first: after a failure, a channel that has been constructed would
		// close the descriptor number when it is garbage-collected.
		Class<?> type = type("DatagramChannelImpl");
		Field family = field(type, "family");
		Field address = field(type, "remoteAddress");
		Field state = field(type, "state");
		SocketAddress remote = Descriptors.address(descriptor, true);
		DatagramChannel channel = (DatagramChannel) create("DatagramChannelImpl",
				new Class<?>[] { SelectorProvider.class, FileDescriptor.class }, SelectorProvider.provider(),
				descriptor);
		try {
			// The constructor assumes the preferred address family of the host.
			family.set(channel, family(kind));
			if (remote != null) {
				// As connect() does, but without discarding the datagrams already
				// received.
				address.set(channel, remote);
				state.set(channel, CONNECTED);
			}
			return channel;
		}
		catch (IllegalAccessException ex) {
			throw unknownJdk(ex);
		}
	}

	static Pipe.SourceChannel sourceChannel(FileDescriptor descriptor, FdKind kind) throws IOException {
		return (Pipe.SourceChannel) create("SourceChannelImpl",
				new Class<?>[] { SelectorProvider.class, FileDescriptor.class }, SelectorProvider.provider(),
				descriptor);
	}

	static Pipe.SinkChannel sinkChannel(FileDescriptor descriptor, FdKind kind) throws IOException {
		return (Pipe.SinkChannel) create("SinkChannelImpl",
				new Class<?>[] { SelectorProvider.class, FileDescriptor.class }, SelectorProvider.provider(),
				descriptor);
	}

	/**
	 * Return the descriptor of one of the JDK's channels.
	 * @throws FdConversionException if it is not accessible
	 */
	static FileDescriptor descriptor(Channel channel) {
		Class<?> type = channel.getClass();
		if (!type.getName().startsWith(PACKAGE)) {
			throw new FdConversionException("A " + type.getName() + " does not give access to its descriptor: send a "
					+ "channel of the JDK, or add a bean of type FdSource");
		}
		if (channel instanceof AsynchronousFileChannel) {
			return (FileDescriptor) get(channel, type.getSuperclass(), "fdObj");
		}
		if (channel instanceof AsynchronousChannel) {
			throw new FdConversionException("A " + type.getSimpleName()
					+ " cannot be sent, because it is always registered with its group: use a SocketChannel or "
					+ "ServerSocketChannel");
		}
		return (FileDescriptor) get(channel, type, "fd");
	}

	/**
	 * Read a field of one of the JDK's objects.
	 * @throws FdConversionException if its package is not open, or the field is missing
	 */
	static Object get(Object object, Class<?> type, String name) {
		try {
			Object value = field(type, name).get(object);
			if (value == null) {
				throw new FdConversionException("A closed " + type.getSimpleName() + " has no descriptor");
			}
			return value;
		}
		catch (IllegalAccessException ex) {
			throw unknownJdk(ex);
		}
	}

	private static Field field(Class<?> type, String name) {
		try {
			Field field = type.getDeclaredField(name);
			field.setAccessible(true);
			return field;
		}
		catch (NoSuchFieldException ex) {
			throw unknownJdk(ex);
		}
		catch (InaccessibleObjectException ex) {
			throw new FdConversionException(
					"The descriptor of a " + type.getSimpleName() + " is not accessible: " + ADVICE, ex);
		}
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(PACKAGE + name);
		}
		catch (ClassNotFoundException ex) {
			throw unknownJdk(ex);
		}
	}

	private static Object create(String type, Class<?>[] parameters, Object... arguments) throws IOException {
		try {
			Constructor<?> constructor = type(type).getDeclaredConstructor(parameters);
			constructor.setAccessible(true);
			return constructor.newInstance(arguments);
		}
		catch (InvocationTargetException ex) {
			throw (ex.getCause() instanceof IOException io) ? io : new IOException(ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw unknownJdk(ex);
		}
	}

	private static FdConversionException unknownJdk(ReflectiveOperationException ex) {
		return new FdConversionException("This version of Java (" + Runtime.version()
				+ ") is not supported: its channels differ (" + ex.getMessage() + ")", ex);
	}

	private static boolean isOpen() {
		@Nullable Module java = Object.class.getModule();
		return java.isOpen("sun.nio.ch", JdkChannels.class.getModule());
	}

	private static ProtocolFamily family(FdKind kind) {
		SocketKind socket = kind.socket();
		Family family = (socket != null) ? socket.family() : Family.INET;
		return switch (family) {
			case UNIX -> StandardProtocolFamily.UNIX;
			case INET6 -> StandardProtocolFamily.INET6;
			default -> StandardProtocolFamily.INET;
		};
	}

}
