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

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * The result of one recvmsg(2), apart from the bytes.
 *
 * @param descriptors the descriptors, which the receiver owns
 * @param isEnd whether this is the end: nothing came, and nothing will
 * @param isTruncated whether the message was longer than the buffer ({@code MSG_TRUNC}),
 * and its rest is lost
 * @param sender who sent it, {@code null} where the socket does not ask the kernel, or
 * the kernel does not know
 * @param from the address that a datagram was sent from, {@code null} if its sender has
 * none
 */
public record Received(List<DescriptorHandle> descriptors, boolean isEnd, boolean isTruncated,
		@Nullable PeerCredentials sender, @Nullable UnixAddress from) {

	private static final Received BYTES = new Received(List.of(), false, false, null, null);

	/** Nothing came, and nothing will. */
	static final Received END = new Received(List.of(), true, false, null, null);

	/**
	 * Return the result of a call that received bytes of a stream.
	 */
	static Received of(List<DescriptorHandle> descriptors) {
		return descriptors.isEmpty() ? BYTES : new Received(descriptors, false, false, null, null);
	}

	/**
	 * Set what counts the descriptors and gives them to objects of other types.
	 * @param conversion the conversion
	 * @return this
	 * @throws FdLimitException if there are more than may be held; they are closed
	 */
	public Received convertibleBy(DescriptorConversion conversion) {
		if (this.descriptors.isEmpty()) {
			return this;
		}
		try {
			for (DescriptorHandle descriptor : this.descriptors) {
				descriptor.convertibleBy(conversion);
			}
			conversion.charge(this.descriptors);
			return this;
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Close the descriptors.
	 */
	public void close() {
		DescriptorHandle.closeEach(this.descriptors);
	}

}
