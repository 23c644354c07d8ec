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

import java.nio.ByteBuffer;

/**
 * A direct buffer in network byte order that grows as it is written.
 */
public final class OutgoingBuffer {

	private static final int INITIAL_BYTES = 4 * 1024;

	/** The size that a connection keeps for its next message. */
	static final int KEPT_BYTES = 128 * 1024;

	/** Used until the first write, because many connections never send. */
	private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

	private ByteBuffer buffer = NOTHING;

	/**
	 * Return the buffer, with room for more.
	 * @param bytes the number of bytes about to be written
	 * @return the buffer, to write to before this method is called again
	 */
	public ByteBuffer room(int bytes) {
		if (this.buffer.remaining() < bytes) {
			int needed = Math.addExact(this.buffer.position(), bytes);
			int capacity = this.buffer.capacity();
			// A large one grows by less, but not by so little that each write copies it.
			int wanted = Math.min(2 * capacity, Math.max(KEPT_BYTES, capacity + capacity / 2));
			this.buffer = ByteBuffer.allocateDirect(Math.max(needed, Math.max(INITIAL_BYTES, wanted)))
				.put(this.buffer.flip());
		}
		return this.buffer;
	}

	/**
	 * Discard the content.
	 */
	void clear() {
		if (this.buffer.capacity() > KEPT_BYTES) {
			this.buffer = ByteBuffer.allocateDirect(INITIAL_BYTES);
		}
		this.buffer.clear();
	}

	/**
	 * Return the written bytes, to be sent.
	 */
	ByteBuffer flip() {
		return this.buffer.flip();
	}

}
