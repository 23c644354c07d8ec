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

package io.github.fdbroker.takeover;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Starts the command line of this process anew.
 */
final class NewProcess {

	private static final Log logger = LogFactory.getLog(NewProcess.class);

	/** Not passed on, because it is about descriptors of this process. */
	private static final List<String> ACTIVATION = List.of("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
			"LISTEN_PIDFDID");

	private NewProcess() {
	}

	/**
	 * Start a process with the arguments, environment, working directory and standard
	 * streams of this one.
	 * @return its id
	 * @throws IOException if it cannot be started
	 */
	static long start() throws IOException {
		ProcessBuilder builder = new ProcessBuilder(commandLine()).inheritIO();
		Map<String, String> environment = builder.environment();
		ACTIVATION.forEach(environment::remove);
		Process process = builder.start();
		process.onExit().thenAccept((ended) -> {
			if (ended.exitValue() != 0) {
				logger.warn("Process %d, which was to take over, has ended with %d".formatted(ended.pid(),
						ended.exitValue()));
			}
		});
		return process.pid();
	}

	/**
	 * The arguments that {@link ProcessHandle} knows are cut when they are long.
	 */
	private static List<String> commandLine() throws IOException {
		String arguments = Files.readString(Path.of("/proc/self/cmdline"), Charset.defaultCharset());
		List<String> command = new ArrayList<>(List.of(arguments.split("\0")));
		ProcessHandle.current().info().command().ifPresent((executable) -> command.set(0, executable));
		return command;
	}

}
