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

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * How a socket file is to look.
 *
 * @param mode the permissions; connecting takes the permission to write (unix(7))
 * @param gid the group, or {@code null} for this process's own
 * @param createDirectory whether to create the directory, with mode 0700, if it is
 * missing
 */
public record SocketFileSettings(Set<PosixFilePermission> mode, @Nullable Long gid, boolean createDirectory) {

	/**
	 * For the owner only, in a directory that exists.
	 */
	public static final SocketFileSettings PRIVATE = new SocketFileSettings(
			Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE), null, false);

}
