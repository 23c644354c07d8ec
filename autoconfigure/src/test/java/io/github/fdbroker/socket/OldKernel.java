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

package io.github.fdbroker.socket;

import java.nio.ByteBuffer;

import io.github.fdbroker.system.CallMemory;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.Libc;
import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;
import io.github.fdbroker.system.Syscall;

/**
 * A kernel that cannot keep descriptors from a socket, as before Linux 6.16.
 */
public final class OldKernel {

	private static final int SO_PASSRIGHTS = 83;

	private static final int ENOPROTOOPT = 92;

	private OldKernel() {
	}

	/**
	 * Return the native transport as it is with such a kernel.
	 */
	public static Transport transport() {
		Transport transport = new NativeTransport(
				new NativeCalls(new WithoutPassRights(LibcBinding.preferred().bind())));
		Kernel.use(transport.system());
		return transport;
	}

	/**
	 * Does not know the option.
	 *
	 * @param real makes the calls
	 */
	private record WithoutPassRights(Libc real) implements Libc {

		@Override
		public String binding() {
			return this.real.binding();
		}

		@Override
		public long address(ByteBuffer buffer) {
			return this.real.address(buffer);
		}

		@Override
		public Object capture(ByteBuffer errno) {
			return this.real.capture(errno);
		}

		@Override
		public long call(CallMemory memory, Syscall call, long a, long b, long c, long d, long e, long f) {
			boolean unknown = c == SO_PASSRIGHTS && (call == Syscall.GETSOCKOPT || call == Syscall.SETSOCKOPT);
			return unknown ? -ENOPROTOOPT : this.real.call(memory, call, a, b, c, d, e, f);
		}

	}

}
