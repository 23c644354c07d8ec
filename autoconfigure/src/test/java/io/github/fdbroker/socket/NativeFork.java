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
import java.nio.file.Path;
import java.util.List;

import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Peers.Result;

/**
 * A native library that forks and executes the way the Java runtime does not: without
 * closing the descriptors that it does not know.
 */
final class NativeFork {

	/** What the library runs: it is bound once, for all tests of this process. */
	private static final Path SCRIPT = Path.of(System.getProperty("java.io.tmpdir"),
			"fdbroker-" + ProcessHandle.current().pid() + ".sh");

	private static boolean loaded;

	private NativeFork() {
	}

	/**
	 * Run a shell command from native code.
	 */
	static synchronized void run(Path directory, String command) throws IOException {
		if (!loaded) {
			load(directory);
			loaded = true;
		}
		Files.writeString(SCRIPT, command);
		try {
			if (run0() != 0) {
				throw new IOException(command + " failed");
			}
		}
		finally {
			Files.delete(SCRIPT);
		}
	}

	private static void load(Path directory) throws IOException {
		String function = "Java_" + NativeFork.class.getName().replace('.', '_') + "_run0";
		Path source = Files.writeString(directory.resolve("fork.c"), """
				#include <stdlib.h>
				int %s(void *environment, void *type) {
					return system("sh %s");
				}
				""".formatted(function, SCRIPT));
		Path library = directory.resolve("libfork.so");
		Result compiled = Peers.run(List.of("gcc", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
		if (compiled.exitCode() != 0) {
			throw new IOException(compiled.output());
		}
		System.load(library.toString());
	}

	private static native int run0();

}
