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

package io.github.fdbroker.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The program getent(1). It may wait for a directory service that does not answer.
 *
 * @param program the program
 */
record Getent(String program) {

	/**
	 * Return the lines of keys.
	 * @param database the database
	 * @param keys the names or numbers
	 * @param timeout how long the program may take
	 * @return the lines of those that it finds, or none if it cannot be started
	 * @throws TimeoutException if it does not end in time
	 */
	List<String> find(String database, List<String> keys, Duration timeout) throws TimeoutException {
		List<String> command = new ArrayList<>(List.of(this.program, "--", database));
		command.addAll(keys);
		try {
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
			try {
				return output(process, timeout);
			}
			finally {
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Another thread reads, because a read cannot be ended.
	 */
	private static List<String> output(Process process, Duration timeout) throws IOException, TimeoutException {
		process.getOutputStream().close();
		FutureTask<List<String>> output = new FutureTask<>(() -> {
			try (BufferedReader reader = process.inputReader()) {
				return reader.lines().toList();
			}
		});
		Thread thread = new Thread(output, "fd-getent");
		thread.setDaemon(true);
		thread.start();
		try {
			return output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return List.of();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return List.of();
		}
	}

}
