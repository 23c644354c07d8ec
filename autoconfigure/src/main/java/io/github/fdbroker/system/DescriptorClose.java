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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

import org.jspecify.annotations.Nullable;

/**
 * Closes descriptors that no {@link java.io.FileDescriptor} was made for: where there is
 * one, it has to forget the number, which only the Java runtime can make it do.
 *
 * @param function close(2), or {@code null} where it cannot be called directly
 */
public record DescriptorClose(@Nullable MethodHandle function) {

	public static DescriptorClose create() {
		return new DescriptorClose(ForeignFunctions.unsuitable().isEmpty() ? bind() : null);
	}

	public void close(int number) {
		if (this.function == null) {
			Descriptors.close(Junixsocket.descriptor(number));
			return;
		}
		try {
			// The number is free whatever close(2) returns on Linux.
			int ignored = (int) this.function.invokeExact(number);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static @Nullable MethodHandle bind() {
		try {
			return new ForeignFunctions().bindWithoutErrno("close", MethodType.methodType(int.class, int.class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

}
