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
import java.io.File;
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
import java.nio.file.Path;

import org.newsclub.net.unix.FileDescriptorAccess;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OutgoingFdMessage.Attachment;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;

/**
 * Finds the descriptors of the objects that have one.
 */
public final class FdSources {

	private FdSources() {
	}

	/**
	 * Borrow an object's descriptor. Except for an {@link OwnedFd}, which waits for the
	 * end of the loan by itself, that is a duplicate: whoever closes the object meanwhile
	 * cannot make it refer to another file.
	 * @param source the object
	 * @return the descriptor, to be given back
	 * @throws FdConversionException if the object has no descriptor, or it is closed, or
	 * out of reach
	 */
	public static BorrowedFd borrow(Object source) {
		try {
			if (source instanceof DescriptorHandle owned) {
				return owned.lend();
			}
			if (source instanceof Path || source instanceof File) {
				return open(source.toString());
			}
			return duplicate(source);
		}
		catch (IOException | IllegalStateException ex) {
			throw new FdConversionException("A %s cannot be sent: %s".formatted(name(source), ex.getMessage()), ex);
		}
	}

	/**
	 * Whether an object has a descriptor, as far as its class tells.
	 * @param source the object
	 * @return {@code true} if {@link #borrow} knows the class
	 */
	public static boolean isSource(Object source) {
		return source instanceof OwnedFd || source instanceof FileDescriptor || source instanceof FileInputStream
				|| source instanceof FileOutputStream || source instanceof RandomAccessFile
				|| source instanceof FileDescriptorAccess || source instanceof Path || source instanceof File
				|| source instanceof DescriptorHolder || source instanceof Channel || source instanceof Socket
				|| source instanceof ServerSocket || source instanceof DatagramSocket;
	}

	/**
	 * Check that an object can be given away.
	 * @param source the object
	 * @throws FdConversionException if closing it would harm its new owner
	 */
	public static void checkGivable(Object source) {
		if (source instanceof SelectableChannel channel && channel.isRegistered()) {
			throw new FdConversionException("A " + name(source) + " that is registered with a selector shuts its "
					+ "connection down when it is closed: cancel its key and call selectNow() before giving it away");
		}
	}

	/**
	 * Close objects that were given away, so that their connections live on with the new
	 * owner.
	 * @param sources the objects, as {@link #checkGivable} lets them pass
	 * @throws FdConversionException if one of them cannot be closed; the others are
	 */
	public static void giveUp(Iterable<Attachment> sources) {
		FdConversionException failure = null;
		for (Attachment source : sources) {
			try {
				giveUp(source.source());
			}
			catch (FdConversionException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	static void giveUp(Object source) {
		if (isClosed(source)) {
			// The number that it had may be another file's by now.
			return;
		}
		try {
			if (source instanceof FileDescriptor descriptor) {
				Descriptors.close(descriptor);
			}
			else if (source instanceof FileDescriptorAccess access) {
				Descriptors.close(access.getFileDescriptor());
			}
			else if (source instanceof Closeable closeable) {
				try (closeable) {
					if (shutsDownWhenClosed(source)) {
						Descriptors.detachConnection(descriptor(source));
					}
				}
			}
		}
		catch (IOException ex) {
			throw new FdConversionException(
					"A %s was sent, but cannot be closed: %s".formatted(name(source), ex.getMessage()), ex);
		}
	}

	/**
	 * Close an object that a descriptor was converted to.
	 * @param object the object
	 */
	public static void close(Object object) {
		try {
			if (object instanceof FileDescriptor descriptor) {
				Descriptors.close(descriptor);
			}
			else if (object instanceof Closeable closeable) {
				closeable.close();
			}
		}
		catch (IOException ex) {
			// The descriptor is closed whatever was lost.
		}
	}

	private static boolean shutsDownWhenClosed(Object source) {
		return source instanceof Socket
				|| (source instanceof SelectableChannel && !(source instanceof DescriptorHolder));
	}

	private static BorrowedFd open(String path) throws IOException {
		FileInputStream file = new FileInputStream(path);
		FileDescriptor descriptor = file.getFD();
		return new BorrowedFd(descriptor, () -> {
			try (file) {
				Descriptors.close(descriptor);
			}
			catch (IOException ex) {
				// It is closed.
			}
		});
	}

	/**
	 * A source that was closed by another thread is seen as closed before its number can
	 * belong to another file, so a duplicate of a source that is still open is the right
	 * one.
	 */
	private static BorrowedFd duplicate(Object source) throws IOException {
		FileDescriptor original = descriptor(source);
		FileDescriptor copy = Descriptors.duplicate(original);
		if (!original.valid() || isClosed(source)) {
			Descriptors.close(copy);
			throw new IOException("it is closed");
		}
		return new BorrowedFd(copy, () -> Descriptors.close(copy));
	}

	private static boolean isClosed(Object source) {
		return (source instanceof Channel channel && !channel.isOpen())
				|| (source instanceof Socket socket && socket.isClosed())
				|| (source instanceof ServerSocket server && server.isClosed())
				|| (source instanceof DatagramSocket datagram && datagram.isClosed());
	}

	private static FileDescriptor descriptor(Object source) throws IOException {
		if (source instanceof FileDescriptor descriptor) {
			return descriptor;
		}
		if (source instanceof OwnedFd owned) {
			return owned.fileDescriptor();
		}
		if (source instanceof FileInputStream stream) {
			return stream.getFD();
		}
		if (source instanceof FileOutputStream stream) {
			return stream.getFD();
		}
		if (source instanceof RandomAccessFile file) {
			return file.getFD();
		}
		if (source instanceof FileDescriptorAccess access) {
			return access.getFileDescriptor();
		}
		if (source instanceof DescriptorHolder holder) {
			return holder.descriptor();
		}
		if (source instanceof Channel channel) {
			return JdkChannels.descriptor(channel);
		}
		return JdkSockets.descriptor(source);
	}

	private static String name(Object source) {
		return source.getClass().getSimpleName();
	}

}
