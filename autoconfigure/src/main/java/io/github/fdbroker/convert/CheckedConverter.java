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

import io.github.fdbroker.FdKind;

/**
 * A converter that checks the kind of the descriptor first.
 *
 * @param <T> the type
 * @param type the type
 * @param requirement the kind of descriptor that the type requires
 * @param factory creates an object of the type
 */
record CheckedConverter<T>(Class<T> type, Requirement requirement, Factory<T> factory) implements FdConverter<T> {

	@Override
	public T convert(FileDescriptor descriptor, FdKind kind) throws IOException {
		this.requirement.check(kind, this.type);
		return this.factory.create(descriptor, kind);
	}

	/**
	 * Creates an object of a type.
	 *
	 * @param <T> the type
	 */
	@FunctionalInterface
	interface Factory<T> {

		T create(FileDescriptor descriptor, FdKind kind) throws IOException;

	}

}
