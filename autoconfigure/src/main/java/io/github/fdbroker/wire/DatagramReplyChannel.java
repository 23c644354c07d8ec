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

package io.github.fdbroker.wire;

import java.util.List;

import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.ReplyAddress;
import io.github.fdbroker.socket.UnixAddress;

/**
 * Sends replies to the sender of a datagram.
 *
 * @param socket the socket that received the datagram
 * @param format the format of the messages
 * @param to the address of the sender
 */
public record DatagramReplyChannel(FdDatagramSocket socket, WireFormat format,
		ReplyAddress to) implements ReplyChannel {

	@Override
	public Correlation replies() {
		return this.format.replies();
	}

	@Override
	public String toString() {
		return this.socket.toString();
	}

	@Override
	public void send(OutgoingMessage reply) {
		UnixAddress address = this.to.verified();
		OutgoingBuffer outgoing = new OutgoingBuffer();
		this.format.encode(List.of(reply), outgoing);
		this.socket.reply(outgoing.flip(), OutgoingMessage.descriptors(List.of(reply)), address, this.to.uid());
	}

	@Override
	public void shutdown() {
		// Other senders use the socket as well.
	}

}
