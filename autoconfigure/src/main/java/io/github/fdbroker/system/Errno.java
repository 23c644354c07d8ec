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

package io.github.fdbroker.system;

import java.io.IOException;
import java.util.Map;

/**
 * The error numbers of Linux that matter here, and what they are called (errno(3)).
 */
public final class Errno {

	public static final int EPERM = 1;

	public static final int EINTR = 4;

	public static final int EAGAIN = 11;

	public static final int ENOMEM = 12;

	public static final int EMSGSIZE = 90;

	public static final int ENOBUFS = 105;

	public static final int ETOOMANYREFS = 109;

	private static final Map<Integer, String> TEXTS = Map.ofEntries(Map.entry(EPERM, "Operation not permitted"),
			Map.entry(2, "No such file or directory"), Map.entry(9, "Bad file descriptor"),
			Map.entry(ENOMEM, "Cannot allocate memory"), Map.entry(13, "Permission denied"),
			Map.entry(22, "Invalid argument"), Map.entry(23, "Too many open files in system"),
			Map.entry(24, "Too many open files"), Map.entry(32, "Broken pipe"), Map.entry(EMSGSIZE, "Message too long"),
			Map.entry(91, "Protocol wrong type for socket"), Map.entry(104, "Connection reset by peer"),
			Map.entry(ENOBUFS, "No buffer space available"), Map.entry(107, "Transport endpoint is not connected"),
			Map.entry(ETOOMANYREFS, "Too many references: cannot splice"), Map.entry(111, "Connection refused"));

	private Errno() {
	}

	public static ErrnoException exception(String call, int errno) {
		return new ErrnoException(TEXTS.getOrDefault(errno, "error " + errno) + " (" + call + ", errno " + errno + ")",
				errno);
	}

	/**
	 * Return the number of a failure, of which junixsocket tells the text only.
	 * @return the number, 0 if it is none of those that matter here
	 */
	public static int of(IOException ex) {
		if (ex instanceof ErrnoException known) {
			return known.errno();
		}
		String message = String.valueOf(ex.getMessage());
		return TEXTS.entrySet()
			.stream()
			.filter((text) -> message.contains(text.getValue()))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(0);
	}

}
