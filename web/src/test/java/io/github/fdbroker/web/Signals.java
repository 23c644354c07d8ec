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

package io.github.fdbroker.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sends signals without starting a process for each, which would take longer than a step
 * of a take-over.
 */
final class Signals implements AutoCloseable {

	private final Process shell;

	private final BufferedReader replies;

	private Signals(Process shell) {
		this.shell = shell;
		this.replies = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
	}

	static Signals open() throws IOException {
		return new Signals(
				new ProcessBuilder("sh", "-c", "while read -r name pid; do kill -$name $pid 2>&1; echo; done").start());
	}

	/**
	 * Send a signal, and wait until it is sent.
	 */
	synchronized void send(String name, long pid) throws IOException {
		OutputStream commands = this.shell.getOutputStream();
		commands.write("%s %d\n".formatted(name, pid).getBytes(StandardCharsets.US_ASCII));
		commands.flush();
		String line = this.replies.readLine();
		while (line != null && !line.isEmpty()) {
			line = this.replies.readLine();
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.shell.getOutputStream().close();
		if (!this.shell.waitFor(10, TimeUnit.SECONDS)) {
			this.shell.destroyForcibly();
		}
	}

}
