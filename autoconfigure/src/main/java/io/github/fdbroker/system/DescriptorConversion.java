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
import java.util.List;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdLimitException;

/**
 * Gives descriptors to objects of other types.
 */
public interface DescriptorConversion {

	/** For descriptors that are only used as such. */
	DescriptorConversion NONE = new DescriptorConversion() {

		@Override
		public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
			throw new FdConversionException("No converter turns this descriptor into " + type.getName());
		}

	};

	/**
	 * Give a descriptor to a new object.
	 * @param descriptor the descriptor; on success the result owns it, on failure it is
	 * still the caller's
	 * @param kind what the kernel says it is
	 * @param type the type of the object
	 * @param <T> the type of the object
	 * @return the new owner
	 * @throws FdConversionException if the descriptor cannot become one
	 */
	<T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type);

	/**
	 * Wait until further descriptors may be received.
	 */
	default void awaitRoom() {
	}

	/**
	 * The application has received a descriptor, and has to close it.
	 * @param descriptor its owner
	 */
	default void escaped(DescriptorHandle descriptor) {
	}

	/**
	 * Count descriptors that were received.
	 * @param descriptors the descriptors, of which at least one was received; those that
	 * are too many the caller has to close
	 * @throws FdLimitException if there are more than may be held
	 */
	default void charge(List<DescriptorHandle> descriptors) {
	}

}
