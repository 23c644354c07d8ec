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

/**
 * Converts between the number of a descriptor and the object of the Java runtime for it.
 */
public final class FileDescriptors {

	private FileDescriptors() {
	}

	/**
	 * Return a new object for a number.
	 * @param number the number of a descriptor
	 * @return the object, which does not close the descriptor by itself
	 */
	public static FileDescriptor of(int number) {
		try {
			FileDescriptor descriptor = new FileDescriptor();
			Junixsocket.INIT_FD.invokeExact(descriptor, number);
			return descriptor;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the number of a descriptor.
	 * @param descriptor the descriptor
	 * @return the number, -1 if it is closed
	 */
	public static int number(FileDescriptor descriptor) {
		try {
			return (int) Junixsocket.GET_FD.invokeExact(descriptor);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Close a descriptor (close(2)), and do nothing else.
	 * @param descriptor the descriptor; it is invalid from then on
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

	/**
	 * Return what makes a child process inherit a descriptor as one of its standard
	 * streams. It refers to the number, so it must be used before that is closed.
	 * @param descriptor the descriptor
	 * @return what to pass to {@link ProcessBuilder}
	 * @throws IOException if this version of Java cannot do that
	 */
	public static Redirect redirect(FileDescriptor descriptor) throws IOException {
		try {
			Redirect redirect = (Redirect) Junixsocket.REDIRECT.invokeExact(descriptor);
			if (redirect == null) {
				throw new IOException("This version of Java lets no child process inherit a descriptor");
			}
			return redirect;
		}
		catch (Throwable ex) {
			throw Junixsocket.failure(ex);
		}
	}

}
