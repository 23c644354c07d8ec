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

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Channel;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.function.Predicate;

import org.newsclub.net.unix.FileDescriptorAccess;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.Descriptors;

/**
 * A source for a type of the Java runtime, of junixsocket or of this library.
 *
 * @param <T> the type
 * @param type the type
 * @param finder finds the descriptor
 * @param closed tests whether an object is closed
 * @param closing how to close an object after its descriptor was handed over
 */
record BuiltInSource<T>(Class<T> type, Finder<T> finder, Predicate<T> closed, Closing closing) implements FdSource<T> {

	/** The first source that matches is used. */
	static final List<FdSource<?>> ALL = List.of(
			new BuiltInSource<>(OwnedFd.class, OwnedFd::fileDescriptor, (fd) -> !fd.isOpen(), Closing.PLAIN),
			new BuiltInSource<>(FileDescriptor.class, (fd) -> fd, (fd) -> !fd.valid(), Closing.NUMBER),
			new BuiltInSource<>(FileInputStream.class, FileInputStream::getFD, (file) -> false, Closing.PLAIN),
			new BuiltInSource<>(FileOutputStream.class, FileOutputStream::getFD, (file) -> false, Closing.PLAIN),
			new BuiltInSource<>(RandomAccessFile.class, RandomAccessFile::getFD, (file) -> false, Closing.PLAIN),
			new BuiltInSource<>(FileDescriptorAccess.class, FileDescriptorAccess::getFileDescriptor,
					BuiltInSource::isAnyClosed, Closing.NUMBER),
			new BuiltInSource<>(DescriptorHolder.class, DescriptorHolder::descriptor, BuiltInSource::isAnyClosed,
					Closing.PLAIN),
			new BuiltInSource<>(SelectableChannel.class, JdkChannels::descriptor, BuiltInSource::isAnyClosed,
					Closing.DETACHED),
			new BuiltInSource<>(Channel.class, JdkChannels::descriptor, BuiltInSource::isAnyClosed, Closing.PLAIN),
			new BuiltInSource<>(Socket.class, JdkSockets::descriptor, Socket::isClosed, Closing.DETACHED),
			new BuiltInSource<>(ServerSocket.class, JdkSockets::descriptor, ServerSocket::isClosed, Closing.PLAIN),
			new BuiltInSource<>(DatagramSocket.class, JdkSockets::descriptor, DatagramSocket::isClosed, Closing.PLAIN));

	@Override
	public FileDescriptor descriptor(T source) throws IOException {
		return this.finder.find(source);
	}

	@Override
	public boolean isClosed(T source) {
		return this.closed.test(source);
	}

	@Override
	public void close(T source) throws IOException {
		if (this.closing == Closing.NUMBER) {
			Descriptors.close(descriptor(source));
			return;
		}
		try (Closeable closeable = (Closeable) source) {
			if (this.closing == Closing.DETACHED && !isRegistered(source)) {
				Descriptors.detachConnection(descriptor(source));
			}
		}
	}

	static boolean isRegistered(Object source) {
		Channel channel = (source instanceof Channel self) ? self : JdkSockets.channel(source);
		return channel instanceof SelectableChannel selectable && selectable.isRegistered();
	}

	private static boolean isAnyClosed(Object source) {
		return (source instanceof Channel channel && !channel.isOpen())
				|| (source instanceof Socket socket && socket.isClosed())
				|| (source instanceof ServerSocket server && server.isClosed())
				|| (source instanceof DatagramSocket datagram && datagram.isClosed());
	}

	/**
	 * How to close an object after its descriptor was handed over.
	 */
	enum Closing {

		/** By its {@code close()} method. */
		PLAIN,

		/** By closing its descriptor only: {@code close()} would do more. */
		NUMBER,

		/** After detaching its connection, which {@code close()} would shut down. */
		DETACHED

	}

	/**
	 * Finds the descriptor of an object.
	 *
	 * @param <T> the type of the object
	 */
	@FunctionalInterface
	interface Finder<T> {

		FileDescriptor find(T source) throws IOException;

	}

}
