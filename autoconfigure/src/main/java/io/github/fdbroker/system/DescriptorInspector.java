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
import java.io.IOException;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.Access;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.FdKind.Type;

/**
 * Determines the kind of a descriptor. Properties that the system does not report are
 * unknown, and converters let the unknown pass.
 */
public final class DescriptorInspector {

	private static final int ACCESS_MASK = 03;

	private static final int O_PATH = 010000000;

	private DescriptorInspector() {
	}

	/**
	 * Find out what a descriptor is.
	 * @param descriptor the descriptor
	 * @return its kind
	 */
	public static FdKind inspect(FileDescriptor descriptor) {
		FileStatus status = Kernel.calls().status(descriptor);
		Type type = type(status);
		return new FdKind(type, access(status.flags()), (type == Type.SOCKET) ? socket(descriptor) : null);
	}

	private static Type type(FileStatus status) {
		return switch (status.type()) {
			case 0140000 -> Type.SOCKET;
			case 0100000 -> Type.FILE;
			case 0060000 -> Type.BLOCK_DEVICE;
			case 0040000 -> Type.DIRECTORY;
			case 0020000 -> Type.CHARACTER_DEVICE;
			case 0010000 -> Type.PIPE;
			case 0 -> Type.ANONYMOUS;
			default -> Type.UNKNOWN;
		};
	}

	private static Access access(int flags) {
		if (flags < 0) {
			return Access.UNKNOWN;
		}
		if ((flags & O_PATH) != 0) {
			return Access.NONE;
		}
		return switch (flags & ACCESS_MASK) {
			case 0 -> Access.READ;
			case 1 -> Access.WRITE;
			default -> Access.READ_WRITE;
		};
	}

	private static @Nullable SocketKind socket(FileDescriptor descriptor) {
		try {
			return Kernel.calls().socketKind(descriptor);
		}
		catch (IOException ex) {
			return null;
		}
	}

}
