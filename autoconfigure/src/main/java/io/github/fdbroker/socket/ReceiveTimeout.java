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

import java.io.FileDescriptor;
import java.io.IOException;

import io.github.fdbroker.system.Kernel;

/**
 * The receive timeout of a socket, as set in the kernel. For use by one thread at a time.
 */
final class ReceiveTimeout {

	private static final long MAX_SLACK = 50;

	private static final int SLACK_SHARE = 32;

	/** The value in the kernel, 0 for no limit. */
	private long millis;

	/**
	 * Set the timeout in the kernel, unless it is only a little longer there: the rest of
	 * a timeout differs from call to call.
	 * @param socket the socket, acquired
	 * @param wanted how long at least, 0 for no limit
	 */
	void set(FileDescriptor socket, long wanted) throws IOException {
		long slack = (wanted > 0) ? Math.min(MAX_SLACK, 1 + wanted / SLACK_SHARE) : 0;
		if (this.millis < wanted || this.millis > wanted + 2 * slack) {
			this.millis = wanted + slack;
			Kernel.calls().setReceiveTimeout(socket, (int) Math.min(this.millis, Integer.MAX_VALUE));
		}
	}

}
