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

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory that system calls read and write, with a place for errno behind it. For
 * use by one thread at a time.
 */
public final class CallMemory {

	private final ByteBuffer bytes;

	private final long address;

	private final int errnoOffset;

	private final Object capture;

	/**
	 * Allocate memory.
	 * @param libc what will use it
	 * @param size how many bytes
	 */
	public CallMemory(Libc libc, int size) {
		this.errnoOffset = (size + Long.BYTES - 1) & -Long.BYTES;
		this.bytes = ByteBuffer.allocateDirect(this.errnoOffset + Integer.BYTES).order(ByteOrder.nativeOrder());
		this.address = libc.address(this.bytes);
		this.capture = libc.capture(this.bytes.slice(this.errnoOffset, Integer.BYTES));
	}

	public ByteBuffer bytes() {
		return this.bytes;
	}

	public long address() {
		return this.address;
	}

	Object capture() {
		return this.capture;
	}

	int errno() {
		return this.bytes.getInt(this.errnoOffset);
	}

}
