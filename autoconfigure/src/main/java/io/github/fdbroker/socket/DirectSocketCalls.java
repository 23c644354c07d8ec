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

import io.github.fdbroker.system.Libc;
import io.github.fdbroker.system.Syscall;

/**
 * The system calls as the kernel offers them.
 *
 * @param libc makes them
 */
record DirectSocketCalls(Libc libc) implements SocketCalls {

	@Override
	public long send(int socket, MessageHeader message, int flags) {
		return this.libc.call(message.memory(), Syscall.SENDMSG, socket, message.address(), flags);
	}

	@Override
	public long receive(int socket, MessageHeader message, int flags) {
		return this.libc.call(message.memory(), Syscall.RECVMSG, socket, message.address(), flags);
	}

}
