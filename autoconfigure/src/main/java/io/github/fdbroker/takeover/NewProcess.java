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
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts the command line of this process anew.
 */
final class NewProcess {

	/** Not passed on, because it is about this process alone. */
	private static final List<String> OWN = List.of("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID",
			"WATCHDOG_PID");

	private NewProcess() {
	}

	/**
	 * Start a process with the arguments, environment, working directory and standard
	 * streams of this one.
	 * @return the process
	 * @throws IOException if it cannot be started
	 */
	static ProcessHandle start() throws IOException {
		return (System.getenv("NOTIFY_SOCKET") != null) ? startForManager() : start(commandLine()).toHandle();
	}

	/**
	 * systemd watches a main process only if that is its own child when it learns of it,
	 * as the children of a process that has ended are.
	 */
	private static ProcessHandle startForManager() throws IOException {
		Path pid = Files.createTempFile("fdbroker", ".pid");
		try {
			List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $! > \"$0\"", pid.toString()));
			command.addAll(commandLine());
			start(command).waitFor();
			return ProcessHandle.of(Long.parseLong(Files.readString(pid).trim()))
				.orElseThrow(() -> new IOException("The new process has ended at once"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("The new process was not waited for");
		}
		catch (NumberFormatException ex) {
			throw new IOException("The command line cannot be started by sh(1)", ex);
		}
		finally {
			Files.deleteIfExists(pid);
		}
	}

	private static Process start(List<String> command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
		OWN.forEach(builder.environment()::remove);
		return builder.start();
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
