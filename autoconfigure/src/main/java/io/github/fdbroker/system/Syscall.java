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

/**
 * The system calls that are made directly, by their numbers on x86-64 and on the newer
 * architectures that share one table (syscalls(2)).
 */
public enum Syscall {

	SENDMSG(46, 211), RECVMSG(47, 212), CLOSE(3, 57), CLOSE_RANGE(436, 436), FCNTL(72, 25), DUP3(292, 24), FSTAT(5, 80),
	GETSOCKOPT(55, 209), SETSOCKOPT(54, 208), GETPEERNAME(52, 205), ACCEPT4(288, 242), EPOLL_CREATE1(291, 20),
	EPOLL_CTL(233, 21), EPOLL_PWAIT(281, 22), EVENTFD2(290, 19), OPENAT(257, 56), PIPE2(293, 59), SOCKETPAIR(53, 199),
	MEMFD_CREATE(319, 279), IOCTL(16, 29);

	private final long number;

	Syscall(int x86, int generic) {
		this.number = isX86() ? x86 : generic;
	}

	long number() {
		return this.number;
	}

	/**
	 * Whether this is x86-64.
	 */
	static boolean isX86() {
		return System.getProperty("os.arch").equals("amd64");
	}

}
