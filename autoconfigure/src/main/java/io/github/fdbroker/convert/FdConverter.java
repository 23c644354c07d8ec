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

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;

/**
 * Turns a descriptor into an object of a Java type. A bean of this type adds to the
 * built-in converters, or replaces the one for the same type.
 *
 * @param <T> the type
 */
public interface FdConverter<T> {

	/**
	 * Return the type that this converter creates, as parameters and callers request it.
	 * @return the exact type, not a supertype
	 */
	Class<T> type();

	/**
	 * Create an object that owns a descriptor.
	 * @param descriptor the descriptor; on success the result owns it, and closing the
	 * result closes it; on failure the caller still owns it
	 * @param kind the kind of the descriptor, as the kernel reports it
	 * @return the new owner
	 * @throws FdConversionException if the type does not fit the descriptor
	 * @throws IOException if a system call fails
	 */
	T convert(FileDescriptor descriptor, FdKind kind) throws IOException;

}
