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

package io.github.fdbroker.testsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands that run a main class of the tests in a JVM of its own, where it may fill the
 * descriptor table, have another umask or another user.
 */
public final class ChildJvm {

	private static final int RESTRICTED_NATIVE_ACCESS = 22;

	private ChildJvm() {
	}

	/**
	 * Return the command to run a main class.
	 */
	public static List<String> command(Class<?> main, Object... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
		if (Runtime.version().feature() >= RESTRICTED_NATIVE_ACCESS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.add(main.getName());
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return command;
	}

	/**
	 * Return the command to run a command with a descriptor table of a size.
	 */
	public static List<String> withTable(int size, List<String> command) {
		Peers.require("prlimit");
		return prepend(List.of("prlimit", "--nofile=" + size + ":" + size), command);
	}

	/**
	 * Return the command to run a command with a umask.
	 */
	public static List<String> withUmask(String umask, List<String> command) {
		return prepend(List.of("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh"), command);
	}

	private static List<String> prepend(List<String> prefix, List<String> command) {
		List<String> whole = new ArrayList<>(prefix);
		whole.addAll(command);
		return whole;
	}

}
