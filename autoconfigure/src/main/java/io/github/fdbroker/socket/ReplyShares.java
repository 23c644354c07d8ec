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

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.fdbroker.system.SendBuffer;

/**
 * Divides the send buffer of a datagram socket among the receivers of replies. They share
 * it, and the kernel limits what one of them leaves unread only if that one is not
 * connected (unix(7)). While more than a quarter of the buffer is in use, each receiver
 * may add a small part of it, and gets nothing more until it has read.
 * <p>
 * The kernel reports only the sum of what is unread. What has been read since is
 * attributed to the receivers with the latest replies: one that has used up its part gets
 * no reply, so that it is not among these. If everything that the latest reply added has
 * been read, its receiver has read its earlier replies too. Not safe for use by several
 * threads.
 */
final class ReplyShares {

	/** Which part of the buffer a receiver may add. */
	private static final int PER_RECEIVER = 16;

	/** Which part the receivers of one user may add that have read nothing yet. */
	private static final int PER_USER = 4;

	private static final int MAX_RECEIVERS = 256;

	/** In the order of their latest replies. */
	private final Map<UnixAddress, Receiver> receivers = new LinkedHashMap<>();

	/** How much is unread of which the receiver is not known. */
	private int others;

	/** How much was unread before the latest reply. */
	private int level;

	/**
	 * Forget the receivers: there is room for all.
	 */
	void reset() {
		this.receivers.clear();
		this.others = 0;
		this.level = 0;
	}

	/**
	 * Whether a receiver may get a reply.
	 * @param uid the user of the receiver
	 * @param buffer the buffer as it is now
	 */
	boolean admits(UnixAddress to, long uid, SendBuffer buffer) {
		attribute(buffer.used());
		Receiver receiver = this.receivers.get(to);
		if (receiver == null) {
			return hasRoomForAnother() && unread(uid) < buffer.size() / PER_USER;
		}
		return receiver.unread < buffer.size() / PER_RECEIVER
				&& (receiver.hasRead || unread(uid) < buffer.size() / PER_USER);
	}

	/**
	 * Count a reply that was sent.
	 * @param uid the user of the receiver
	 * @param before how much of the buffer was in use before it
	 * @param after how much was in use after it
	 */
	void sent(UnixAddress to, long uid, int before, int after) {
		Receiver receiver = this.receivers.remove(to);
		Receiver latest = (receiver != null) ? receiver : new Receiver(uid);
		latest.unread += Math.max(0, after - before);
		this.receivers.put(to, latest);
		this.level = before;
	}

	private int unread(long uid) {
		return this.receivers.values()
			.stream()
			.filter((receiver) -> receiver.uid == uid)
			.mapToInt((receiver) -> receiver.unread)
			.sum();
	}

	private void attribute(int used) {
		List<Receiver> latestFirst = new ArrayList<>(this.receivers.values());
		Collections.reverse(latestFirst);
		int counted = this.others + latestFirst.stream().mapToInt((receiver) -> receiver.unread).sum();
		this.others += Math.max(0, used - counted);
		int read = Math.max(0, counted - used);
		for (Receiver receiver : latestFirst) {
			read -= receiver.read(read);
		}
		this.others -= Math.min(read, this.others);
		if (!latestFirst.isEmpty() && used <= this.level) {
			this.others += latestFirst.get(0).readAll();
		}
	}

	/**
	 * A receiver that has read everything is forgotten if there is no room.
	 */
	private boolean hasRoomForAnother() {
		if (this.receivers.size() >= MAX_RECEIVERS) {
			this.receivers.values().removeIf((receiver) -> receiver.unread == 0);
		}
		return this.receivers.size() < MAX_RECEIVERS;
	}

	/**
	 * A receiver of replies.
	 */
	private static final class Receiver {

		private final long uid;

		private int unread;

		private boolean hasRead;

		private Receiver(long uid) {
			this.uid = uid;
		}

		private int read(int bytes) {
			int own = Math.min(this.unread, bytes);
			this.unread -= own;
			return own;
		}

		private int readAll() {
			int left = this.unread;
			this.unread = 0;
			this.hasRead = true;
			return left;
		}

	}

}
