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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;

/**
 * Whether a socket owns its address. Safe for use by several threads.
 */
final class AddressHold {

	private @Nullable Binding binding;

	private volatile boolean ended;

	/**
	 * Create the state.
	 * @param binding the address, {@code null} if another process owns it
	 */
	AddressHold(@Nullable Binding binding) {
		this.binding = binding;
	}

	/**
	 * Become the owner of the address. Has no effect if the socket is the owner already,
	 * or was closed.
	 * @throws FdConfigurationException if another process owns the address
	 */
	synchronized void takeOver(SocketPath path) {
		if (this.binding == null && !this.ended) {
			this.binding = Binding.takeOver(path);
		}
	}

	/**
	 * Remove the file if it is still the file of the socket.
	 */
	void remove() {
		end(Binding::remove);
	}

	/**
	 * Leave the address to the other holders of the socket.
	 */
	void release() {
		end(Binding::release);
	}

	private synchronized void end(Consumer<Binding> last) {
		Binding held = this.binding;
		this.binding = null;
		this.ended = true;
		if (held != null) {
			last.accept(held);
		}
	}

	/**
	 * Return whether the address was removed or released.
	 */
	boolean isEnded() {
		return this.ended;
	}

}
