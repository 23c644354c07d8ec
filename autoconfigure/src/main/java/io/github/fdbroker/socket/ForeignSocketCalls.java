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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.system.ForeignFunctions;

/**
 * The system calls as the C library offers them.
 */
final class ForeignSocketCalls implements SocketCalls {

	private static final ForeignFunctions FUNCTIONS;

	private static final MethodHandle SENDMSG;

	private static final MethodHandle RECVMSG;

	static {
		try {
			MethodType type = MethodType.methodType(long.class, int.class, long.class, int.class);
			FUNCTIONS = new ForeignFunctions();
			SENDMSG = FUNCTIONS.bind("sendmsg", type);
			RECVMSG = FUNCTIONS.bind("recvmsg", type);
		}
		catch (ReflectiveOperationException ex) {
			throw FdConfigurationException
				.unsupportedSystem("The foreign-function API is not as it was in Java 22 to 25", ex);
		}
	}

	static MessageHeader message() {
		return new MessageHeader(FUNCTIONS);
	}

	static long address(ByteBuffer buffer) {
		return FUNCTIONS.address(buffer);
	}

	@Override
	public long send(int socket, MessageHeader message, int flags) {
		try {
			return (long) SENDMSG.invokeExact(message.capture(), socket, message.address(), flags);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public long receive(int socket, MessageHeader message, int flags) {
		try {
			return (long) RECVMSG.invokeExact(message.capture(), socket, message.address(), flags);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
