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

/**
 * A binding of syscall(2) of the C library, on 64-bit Linux. Numbers and addresses are
 * all that passes through it, so that the layouts of structures are the same for every
 * binding.
 */
public interface Libc {

	/**
	 * Return what the binding is made by.
	 * @return the name, for the log
	 */
	String binding();

	/**
	 * Return the address of a direct buffer's first byte, whatever its position. It is
	 * valid as long as the buffer is reachable.
	 * @param buffer the buffer
	 * @return the address
	 */
	long address(ByteBuffer buffer);

	/**
	 * Return what stands for the place that takes errno in {@link #call}.
	 * @param errno a direct buffer of four bytes
	 * @return what the binding needs
	 */
	Object capture(ByteBuffer errno);

	/**
	 * Make a system call.
	 * @param memory takes errno
	 * @param call the call
	 * @return what the kernel returns: a negated errno where the call fails
	 */
	long call(CallMemory memory, Syscall call, long a, long b, long c, long d, long e, long f);

	/**
	 * Make a system call with three arguments.
	 * @param memory takes errno
	 * @param call the call
	 * @return what the kernel returns: a negated errno where the call fails
	 */
	default long call(CallMemory memory, Syscall call, long a, long b, long c) {
		return call(memory, call, a, b, c, 0, 0, 0);
	}

}
