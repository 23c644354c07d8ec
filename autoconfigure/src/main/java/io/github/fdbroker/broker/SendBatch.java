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

package io.github.fdbroker.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.FdTimeoutException;

/**
 * Messages that are sent in one sendmsg(2).
 *
 * @param sends the messages, at least one
 */
record SendBatch(List<PendingSend> sends) {

	/**
	 * Take the next message from a queue, and the following ones that fit into the same
	 * frame.
	 * @param maxDescriptors how many descriptors a frame may have
	 * @param maxBytes how many bytes a frame may have, 0 if each message is sent by
	 * itself
	 */
	static SendBatch take(Queue<PendingSend> waiting, int maxDescriptors, int maxBytes) {
		List<PendingSend> sends = new ArrayList<>();
		int descriptors = 0;
		long bytes = 0;
		PendingSend next = waiting.peek();
		while (next != null) {
			descriptors += next.descriptors();
			bytes += next.outgoing().maxBytes();
			if (!sends.isEmpty() && (descriptors > maxDescriptors || bytes > maxBytes)) {
				break;
			}
			sends.add(waiting.remove());
			next = waiting.peek();
		}
		return new SendBatch(sends);
	}

	/**
	 * Send the messages, and record the failure of each. If one of them cannot be sent,
	 * the others are sent without it.
	 */
	void send(SendChannel channel) {
		try {
			channel.send(this.sends.stream().map(PendingSend::outgoing).toList());
		}
		catch (FdConnectException | FdTimeoutException | FdRemoteException ex) {
			fail(ex);
		}
		catch (RuntimeException | Error ex) {
			if (this.sends.size() == 1 || channel.isUnreachable()) {
				fail(ex);
			}
			else {
				this.sends.forEach((send) -> new SendBatch(List.of(send)).send(channel));
			}
		}
	}

	private void fail(Throwable failure) {
		this.sends.forEach((send) -> send.fail(failure));
	}

}
