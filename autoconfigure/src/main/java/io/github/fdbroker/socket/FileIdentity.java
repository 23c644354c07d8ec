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
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What identifies a file under all of its names.
 *
 * @param device the device it is on
 * @param inode its inode number there
 */
record FileIdentity(Object device, Object inode) {

	/**
	 * Return the identity of the file at a path. {@code /dev/fd/<n>} stands for the file
	 * that is open as number n, as fstat(2) would report it.
	 */
	static FileIdentity of(Path path, LinkOption... options) throws IOException {
		return new FileIdentity(Files.getAttribute(path, "unix:dev", options),
				Files.getAttribute(path, "unix:ino", options));
	}

}
