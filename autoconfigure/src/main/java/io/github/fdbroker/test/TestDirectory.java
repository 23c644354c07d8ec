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

package io.github.fdbroker.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.util.FileSystemUtils;

/**
 * A temporary directory with a path so short that those of sockets fit.
 *
 * @param path its path
 */
record TestDirectory(Path path) {

	private static final int LONGEST_PARENT = 40;

	private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

	static TestDirectory create() {
		try {
			Path parent = Path.of(System.getProperty("java.io.tmpdir"));
			Path path = Files
				.createTempDirectory((parent.toString().length() > LONGEST_PARENT) ? Path.of("/tmp") : parent, "fd");
			// If the context is never refreshed, the directory stays empty.
			path.toFile().deleteOnExit();
			OPEN.add(path);
			return new TestDirectory(path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("No directory for the sockets of a test can be created", ex);
		}
	}

	/**
	 * Whether there is a context with such a directory.
	 */
	static boolean isUsed() {
		return !OPEN.isEmpty();
	}

	/**
	 * Whether a path lies in the directory of a context.
	 */
	static boolean contains(Path path) {
		return OPEN.stream().anyMatch(path::startsWith);
	}

	void delete() {
		try {
			FileSystemUtils.deleteRecursively(this.path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The directory of the sockets of a test cannot be deleted", ex);
		}
		finally {
			OPEN.remove(this.path);
		}
	}

}
