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

package io.github.fdbroker.listener;

import io.github.fdbroker.socket.FdDatagramSocket;

/**
 * Watches the closing of the descriptors that a datagram socket has received, which may
 * hang. While too many closes hang, the kernel keeps further descriptors from the socket,
 * and messages without descriptors are still received. For the thread that receives.
 */
final class HangingCloses {

	private final ListenerContext context;

	private final FdDatagramSocket socket;

	/** Whether so many closes hang that the socket takes no further descriptors. */
	private boolean hanging;

	HangingCloses(ListenerContext context, FdDatagramSocket socket) {
		this.context = context;
		this.socket = socket;
	}

	/**
	 * Decide whether the socket takes descriptors, before the next message is received.
	 * The quota is exceeded for longer than a moment only if closing descriptors hangs.
	 */
	void check() {
		if (!this.hanging && exceedsQuota(0)) {
			ListenerContext.pause();
		}
		boolean exceeded = exceedsQuota(0);
		if (exceeded != this.hanging) {
			this.hanging = exceeded;
			this.socket.passDescriptors(!exceeded);
		}
		if (exceeded) {
			log("takes no descriptors");
		}
		awaitCloses();
	}

	/**
	 * If the kernel cannot keep descriptors from a socket, they are refused one by one,
	 * and closing these may hang as well. When half as many closes again hang, nothing
	 * more is received.
	 */
	private void awaitCloses() {
		while (exceedsQuota(this.context.services().heldDescriptors().total() / 2) && this.socket.isOpen()
				&& this.socket.takesDescriptors()) {
			log("is paused");
			ListenerContext.pause();
		}
	}

	private boolean exceedsQuota(int margin) {
		DescriptorQuota quota = this.context.services().heldDescriptors();
		return quota.held() > quota.total() + margin;
	}

	private void log(String consequence) {
		this.context.refusals()
			.paused("Socket %s %s: closing %d received descriptors hangs".formatted(this.context.settings().path(),
					consequence, this.context.services().closer().pending()));
	}

}
