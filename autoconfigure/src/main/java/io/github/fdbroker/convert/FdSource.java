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
import java.io.IOException;

import io.github.fdbroker.FdConversionException;

/**
 * Finds the descriptor of objects of a Java type, so that they can be sent, handed over
 * or returned by listener methods. A bean of this type takes precedence over the built-in
 * sources. Sources are used by several threads at a time.
 *
 * @param <T> the type
 * @see FdConverter
 */
public interface FdSource<T> {

	/**
	 * Return the type of the objects.
	 * @return the type; its subtypes are included
	 */
	Class<T> type();

	/**
	 * Return the descriptor of an object. It is duplicated at once, and the duplicate is
	 * sent, so the object may be closed at any time.
	 * @param source the object
	 * @return the descriptor, which the object still owns
	 * @throws FdConversionException if the object has none; the message should suggest
	 * what to send instead
	 * @throws IOException if a system call fails
	 */
	FileDescriptor descriptor(T source) throws IOException;

	/**
	 * Whether an object is closed. This method is called before and after the descriptor
	 * is duplicated, so that a number that has been reused for another file is never
	 * sent.
	 * @param source the object
	 * @return {@code true} if the object no longer has a descriptor
	 */
	default boolean isClosed(T source) {
		return false;
	}

	/**
	 * Close an object after its descriptor was handed over. A connection must not be shut
	 * down, because it now belongs to the receiver.
	 * @param source the object
	 * @throws IOException if that fails
	 */
	default void close(T source) throws IOException {
		if (source instanceof Closeable closeable) {
			closeable.close();
		}
	}

}
