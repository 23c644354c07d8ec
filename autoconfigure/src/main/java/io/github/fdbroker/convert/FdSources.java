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

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OutgoingFdMessage.Attachment;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.NewDescriptors;

/**
 * Finds the descriptors of objects. Safe for use by several threads.
 */
public final class FdSources {

	private final List<FdSource<?>> sources;

	/**
	 * Create the sources.
	 * @param additional sources that take precedence over the built-in ones
	 */
	public FdSources(List<? extends FdSource<?>> additional) {
		this.sources = new ArrayList<>(additional);
		this.sources.addAll(BuiltInSource.ALL);
		this.sources.addAll(JdkStreams.sources());
	}

	/**
	 * Borrow an object's descriptor. An {@link OwnedFd} is not closed until the borrowed
	 * descriptor is. For every other object, the borrowed descriptor is a duplicate, so
	 * that closing the object meanwhile cannot make it refer to another file. A path is
	 * opened for reading.
	 * @param source the object
	 * @return the descriptor, to be closed by the caller
	 * @throws FdConversionException if the object has no descriptor, or it is closed or
	 * not accessible
	 */
	public BorrowedFd borrow(Object source) {
		try {
			if (source instanceof DescriptorHandle owned) {
				return owned.lend();
			}
			if (source instanceof Path || source instanceof File) {
				return open(file(source));
			}
			return duplicate(find(source), source);
		}
		catch (IOException | IllegalStateException ex) {
			throw new FdConversionException("A %s cannot be sent: %s".formatted(name(source), ex.getMessage()), ex);
		}
	}

	/**
	 * Whether objects of the class of an object have a descriptor.
	 * @param source the object
	 * @return {@code true} if {@link #borrow} supports the class
	 */
	public boolean isSource(Object source) {
		return source instanceof Path || source instanceof File || lookup(source) != null;
	}

	/**
	 * Check that objects can be handed over.
	 * @param attachments the objects
	 * @throws FdConversionException if closing one of them would harm its new owner
	 */
	public void checkHandOver(Iterable<Attachment> attachments) {
		attachments.forEach((attachment) -> checkHandOver(attachment.source()));
	}

	static void checkHandOver(Object source) {
		if (BuiltInSource.isRegistered(source)) {
			throw new FdConversionException("A " + name(source) + " that is registered with a selector shuts its "
					+ "connection down when it is closed: cancel its key and call selectNow() before handing it over");
		}
	}

	/**
	 * Close objects whose descriptors were handed over, so that their connections remain
	 * open for the new owner.
	 * @param attachments the objects
	 * @throws FdConversionException if one of them cannot be closed; the others are
	 */
	public void closeHandedOver(Iterable<Attachment> attachments) {
		FdConversionException failure = null;
		for (Attachment attachment : attachments) {
			try {
				closeHandedOver(attachment.source());
			}
			catch (FdConversionException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	void closeHandedOver(Object source) {
		FdSource<Object> found = lookup(source);
		// The number of a closed object may have been reused for another file.
		if (found == null || found.isClosed(source)) {
			return;
		}
		try {
			found.close(source);
		}
		catch (IOException ex) {
			throw new FdConversionException(
					"A %s was sent, but cannot be closed: %s".formatted(name(source), ex.getMessage()), ex);
		}
	}

	/**
	 * Close an object that was created from a descriptor.
	 * @param object the object
	 */
	public static void close(Object object) {
		try {
			if (object instanceof FileDescriptor descriptor) {
				Descriptors.close(descriptor);
			}
			else if (object instanceof AutoCloseable closeable) {
				closeable.close();
			}
		}
		catch (Exception ex) {
			// The descriptor is closed, although buffered data may be lost.
		}
	}

	private static File file(Object source) throws IOException {
		if (!(source instanceof Path path)) {
			return (File) source;
		}
		if (path.getFileSystem() != FileSystems.getDefault()) {
			throw new IOException(path + " is not in the default file system: copy it to a file and send that");
		}
		return path.toFile();
	}

	private static BorrowedFd open(File path) throws IOException {
		if (path.isDirectory()) {
			FileDescriptor directory = DescriptorFactory.open(path.toPath(), NewDescriptors.READ);
			return new BorrowedFd(directory, () -> Descriptors.close(directory));
		}
		FileInputStream file = openFile(path);
		FileDescriptor descriptor = file.getFD();
		return new BorrowedFd(descriptor, () -> {
			try (file) {
				Descriptors.close(descriptor);
			}
			catch (IOException ex) {
				// The descriptor is closed.
			}
		});
	}

	private static FileInputStream openFile(File path) throws IOException {
		try {
			return new FileInputStream(path);
		}
		catch (IOException ex) {
			throw new IOException(ex.getMessage() + "; a path is opened for reading: to write to it, send a "
					+ "FileOutputStream, or what DescriptorFactory.open returns", ex);
		}
	}

	/**
	 * A source that another thread closes reports itself closed before its number can be
	 * reused for another file. A duplicate is therefore correct if the source is still
	 * open afterwards.
	 */
	private static BorrowedFd duplicate(FdSource<Object> found, Object source) throws IOException {
		checkOpen(!found.isClosed(source));
		FileDescriptor original = found.descriptor(source);
		checkOpen(original.valid());
		FileDescriptor copy = Descriptors.duplicate(original);
		if (!original.valid() || found.isClosed(source)) {
			Descriptors.close(copy);
			checkOpen(false);
		}
		return new BorrowedFd(copy, () -> Descriptors.close(copy));
	}

	private static void checkOpen(boolean open) throws IOException {
		if (!open) {
			throw new IOException("it is closed");
		}
	}

	private FdSource<Object> find(Object source) {
		FdSource<Object> found = lookup(source);
		if (found == null) {
			throw new FdConversionException("A " + source.getClass().getName() + " " + JdkStreams.advice(source));
		}
		return found;
	}

	@SuppressWarnings("unchecked")
	private @Nullable FdSource<Object> lookup(Object source) {
		for (FdSource<?> candidate : this.sources) {
			if (candidate.type().isInstance(source)) {
				return (FdSource<Object>) candidate;
			}
		}
		return null;
	}

	private static String name(Object source) {
		return source.getClass().getSimpleName();
	}

}
