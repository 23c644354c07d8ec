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
import java.util.Comparator;
import java.util.Map;

/**
 * The error numbers of Linux that matter here, and what they are called (errno(3)).
 */
public final class Errno {

	public static final int EPERM = 1;

	public static final int EINTR = 4;

	public static final int EBADF = 9;

	public static final int EAGAIN = 11;

	public static final int ENOMEM = 12;

	public static final int EINVAL = 22;

	public static final int ENFILE = 23;

	public static final int EMFILE = 24;

	public static final int ENOTSOCK = 88;

	public static final int EMSGSIZE = 90;

	public static final int EPROTOTYPE = 91;

	public static final int EADDRINUSE = 98;

	public static final int ECONNABORTED = 103;

	public static final int ENOBUFS = 105;

	public static final int ETOOMANYREFS = 109;

	public static final int ECONNRESET = 104;

	public static final int ECONNREFUSED = 111;

	private static final Map<Integer, String> TEXTS = Map.ofEntries(Map.entry(EPERM, "Operation not permitted"),
			Map.entry(2, "No such file or directory"), Map.entry(EBADF, "Bad file descriptor"),
			Map.entry(EAGAIN, "Resource temporarily unavailable"), Map.entry(ENOMEM, "Cannot allocate memory"),
			Map.entry(13, "Permission denied"), Map.entry(EINVAL, "Invalid argument"),
			Map.entry(ENFILE, "Too many open files in system"), Map.entry(EMFILE, "Too many open files"),
			Map.entry(32, "Broken pipe"), Map.entry(ENOTSOCK, "Socket operation on non-socket"),
			Map.entry(EMSGSIZE, "Message too long"), Map.entry(EPROTOTYPE, "Protocol wrong type for socket"),
			Map.entry(EADDRINUSE, "Address already in use"),
			Map.entry(ECONNABORTED, "Software caused connection abort"), Map.entry(104, "Connection reset by peer"),
			Map.entry(ENOBUFS, "No buffer space available"), Map.entry(107, "Transport endpoint is not connected"),
			Map.entry(ETOOMANYREFS, "Too many references: cannot splice"),
			Map.entry(ECONNREFUSED, "Connection refused"));

	private Errno() {
	}

	public static ErrnoException exception(String call, int errno) {
		return new ErrnoException(TEXTS.getOrDefault(errno, "error " + errno) + " (" + call + ", errno " + errno + ")",
				errno);
	}

	/**
	 * Fail if a system call did.
	 * @param call the name of the call
	 * @param result what the kernel returned, a negated errno where the call failed
	 * @return the result
	 * @throws ErrnoException if the call failed
	 */
	static int check(String call, long result) throws ErrnoException {
		if (result < 0) {
			throw exception(call, (int) -result);
		}
		return (int) result;
	}

	/**
	 * Return the number of a failure. The Java runtime and junixsocket give only its
	 * text.
	 * @param ex the failure of a system call
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
			.max(Comparator.comparingInt((text) -> text.getValue().length()))
			.map(Map.Entry::getKey)
			.orElse(0);
	}

	/**
	 * Whether a system call failed because this process, or the system, can open no more
	 * descriptors.
	 * @param ex the failure
	 * @return {@code true} for EMFILE and ENFILE
	 */
	public static boolean isTableFull(IOException ex) {
		int errno = of(ex);
		return errno == EMFILE || errno == ENFILE;
	}

	/**
	 * Whether a system call failed because the socket was closed or shut down by code
	 * that does not own it, and can never be used again.
	 * @param ex the failure to accept or to receive
	 * @return {@code true} for EBADF, EINVAL and ENOTSOCK
	 */
	public static boolean isDeadSocket(IOException ex) {
		int errno = of(ex);
		return errno == EBADF || errno == EINVAL || errno == ENOTSOCK;
	}

}
