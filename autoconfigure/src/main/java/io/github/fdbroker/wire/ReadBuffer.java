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
 * The bytes that a connection received and that are not decoded yet. For use by one
 * thread.
 */
final class ReadBuffer {

	private static final int INITIAL_BYTES = 4 * 1024;

	private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

	/** Between two reads, the bytes lie between position and limit. */
	private ByteBuffer bytes = NOTHING;

	/** Where the bytes begin, during a read. */
	private int start;

	/**
	 * Return the bytes that are not decoded, from position to limit.
	 */
	ByteBuffer unread() {
		return this.bytes;
	}

	/**
	 * Whether a read needs no more memory than an idle connection may hold.
	 * @param wanted how many bytes the buffer has to hold
	 */
	static boolean isSmall(int wanted) {
		return wanted <= INITIAL_BYTES;
	}

	/**
	 * Whether there is memory for a read.
	 * @param wanted how many bytes the buffer has to hold
	 */
	boolean hasRoom(int wanted) {
		return this.bytes.capacity() >= wanted;
	}

	/**
	 * Give up the memory, unless there are bytes that are not decoded.
	 */
	void release() {
		if (!this.bytes.hasRemaining()) {
			this.bytes = NOTHING;
		}
	}

	/**
	 * Begin a read.
	 * @param wanted the required size of the buffer, including the bytes that are not
	 * decoded
	 * @return the buffer to read into, which may be larger
	 */
	ByteBuffer startRead(int wanted) {
		makeRoom(Math.max(wanted, INITIAL_BYTES));
		this.start = this.bytes.position();
		int end = this.bytes.limit();
		return this.bytes.limit(this.bytes.capacity()).position(end);
	}

	/**
	 * End a read.
	 */
	void endRead() {
		this.bytes.limit(this.bytes.position()).position(this.start);
	}

	/**
	 * Drop the bytes that are not decoded.
	 */
	void drop() {
		this.bytes.position(this.bytes.limit());
	}

	private void makeRoom(int wanted) {
		if (this.bytes.capacity() < wanted) {
			this.bytes = ByteBuffer.allocateDirect(wanted).put(this.bytes).flip();
		}
		else if (!this.bytes.hasRemaining()) {
			if (this.bytes.capacity() > Math.max(wanted, OutgoingBuffer.KEPT_BYTES)) {
				this.bytes = ByteBuffer.allocateDirect(wanted);
			}
			this.bytes.clear().limit(0);
		}
		else if (this.bytes.limit() == this.bytes.capacity()) {
			this.bytes.compact().flip();
		}
	}

}
