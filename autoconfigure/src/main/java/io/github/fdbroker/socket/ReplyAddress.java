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

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConnectException;

/**
 * The address that a datagram was sent from. The sender chose it as text, and the kernel
 * would resolve it with the rights of this process: a link at that path, or a path that
 * means something else here, would make this process send to a socket that the sender
 * itself may not write to.
 *
 * @param address the address, {@code null} if the sender has none
 * @param uid the user of the sender
 */
public record ReplyAddress(@Nullable UnixAddress address, long uid) {

	/**
	 * Return the address if it is the sender's: an absolute path of a socket that belongs
	 * to the sender's user, or an abstract name, which has no owner.
	 * @return where to reply to
	 * @throws FdConnectException if it is not
	 */
	public UnixAddress verified() {
		if (this.address == null) {
			throw new FdConnectException(
					"A sender without an address gets no reply; let it bind(2) its socket before it sends");
		}
		String objection = this.address.isAbstract() ? null : objection(this.address.toString());
		if (objection != null) {
			throw new FdConnectException("No reply is sent to %s: %s".formatted(this.address, objection));
		}
		return this.address;
	}

	private @Nullable String objection(String text) {
		try {
			Path path = Path.of(text);
			if (!path.isAbsolute()) {
				return "it is relative to the sender's working directory";
			}
			PathStatus status = PathStatus.of(path, LinkOption.NOFOLLOW_LINKS);
			if (!status.isSocket()) {
				return "it is not a socket";
			}
			return (status.uid() == this.uid) ? null
					: "it belongs to uid %d, and the sender is uid %d".formatted(status.uid(), this.uid);
		}
		catch (IOException | InvalidPathException ex) {
			return "there is no such file";
		}
	}

}
