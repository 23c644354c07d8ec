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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;

/**
 * System calls that fail on purpose, in the order in which the faults are given, and work
 * after that.
 */
final class FaultyCalls implements SocketCalls {

	private final SocketCalls real = new DirectSocketCalls(LibcBinding.preferred().bind());

	private final Deque<Fault> sends = new ArrayDeque<>();

	private final Deque<Fault> receives = new ArrayDeque<>();

	/**
	 * Return a transport that makes these calls.
	 */
	NativeTransport transport() {
		return new NativeTransport(new NativeCalls(LibcBinding.preferred().bind()), this);
	}

	/**
	 * Have the next calls of sendmsg(2) fail.
	 */
	FaultyCalls onSend(Fault... faults) {
		this.sends.addAll(List.of(faults));
		return this;
	}

	/**
	 * Have the next calls of recvmsg(2) fail.
	 */
	FaultyCalls onReceive(Fault... faults) {
		this.receives.addAll(List.of(faults));
		return this;
	}

	/**
	 * Whether all faults have happened.
	 */
	boolean isDone() {
		return this.sends.isEmpty() && this.receives.isEmpty();
	}

	/**
	 * Let no further faults happen.
	 */
	void discard() {
		this.sends.clear();
		this.receives.clear();
	}

	@Override
	public long send(int socket, MessageHeader message, int flags) {
		Fault fault = this.sends.poll();
		return (fault != null) ? fault.call(this.real::send, socket, message, flags)
				: this.real.send(socket, message, flags);
	}

	@Override
	public long receive(int socket, MessageHeader message, int flags) {
		Fault fault = this.receives.poll();
		return (fault != null) ? fault.call(this.real::receive, socket, message, flags)
				: this.real.receive(socket, message, flags);
	}

	/**
	 * A call that fails, and does nothing.
	 */
	static Fault error(int errno) {
		return (real, socket, message, flags) -> -errno;
	}

	/**
	 * A call that moves a few bytes only.
	 */
	static Fault cut(int bytes) {
		return withValue(MessageHeader.IOVEC_LENGTH, bytes);
	}

	/**
	 * A call that has little room for control data.
	 */
	static Fault truncated(int controlBytes) {
		return withValue(MessageHeader.CONTROL_LENGTH, controlBytes);
	}

	/**
	 * A call before which something else happens.
	 */
	static Fault after(Runnable action) {
		return (real, socket, message, flags) -> {
			action.run();
			return real.call(socket, message, flags);
		};
	}

	private static Fault withValue(int offset, long value) {
		return (real, socket, message, flags) -> {
			message.memory().bytes().putLong(offset, value);
			return real.call(socket, message, flags);
		};
	}

	/**
	 * Stands in for a system call.
	 */
	interface Fault {

		long call(RealCall real, int socket, MessageHeader message, int flags);

	}

	/**
	 * The system call.
	 */
	interface RealCall {

		long call(int socket, MessageHeader message, int flags);

	}

}
