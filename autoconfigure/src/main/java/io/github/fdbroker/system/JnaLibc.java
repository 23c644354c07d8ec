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

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The binding by the direct mapping of JNA, for Java versions without the
 * foreign-function API.
 */
final class JnaLibc implements Libc {

	static {
		Native.register(JnaLibc.class, "c");
	}

	@Override
	public String binding() {
		return "JNA";
	}

	@Override
	public long address(ByteBuffer buffer) {
		return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
	}

	/**
	 * JNA keeps errno itself.
	 */
	@Override
	public Object capture(ByteBuffer errno) {
		return this;
	}

	@Override
	public long call(CallMemory memory, Syscall call, long a, long b, long c, long d, long e, long f) {
		long result = syscall(call.number(), a, b, c, d, e, f);
		return (result != -1) ? result : -Native.getLastError();
	}

	private static native long syscall(long number, long a, long b, long c, long d, long e, long f);

}
