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
 * What the kernel reports about an open file.
 *
 * @param mode its type and permissions, as in {@code st_mode} (inode(7)), or -1 if the
 * system does not report it
 * @param flags its status flags and access mode, as by {@code F_GETFL} (fcntl(2)), or -1
 * if the system does not report it
 */
public record FileStatus(int mode, int flags) {

	private static final int S_IFMT = 0170000;

	private static final int S_IFSOCK = 0140000;

	/**
	 * Return the type of file, one of the {@code S_IF} constants.
	 * @return the type, or -1 if the system does not report it
	 */
	public int type() {
		return (this.mode < 0) ? -1 : this.mode & S_IFMT;
	}

	/**
	 * Whether it is a socket.
	 * @return {@code true} if it is known to be one
	 */
	public boolean isSocket() {
		return type() == S_IFSOCK;
	}

}
