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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The other process of a take-over.
 *
 * @param pid its id, 0 if it is in a process namespace that this process cannot see
 */
record OtherProcess(long pid) {

	private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

	private static final Log logger = LogFactory.getLog(OtherProcess.class);

	private static final long POLL_MILLIS = 10;

	/** The state of a process comes after its name, which is in parentheses (proc(5)). */
	private static final String NAME_END = ") ";

	static OtherProcess self() {
		return new OtherProcess(ProcessHandle.current().pid());
	}

	/**
	 * Return the process namespace of this process, in which its id is known.
	 */
	static String namespace() {
		try {
			return Files.readSymbolicLink(NAMESPACE).toString();
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	boolean isSelf() {
		return this.pid == ProcessHandle.current().pid();
	}

	/**
	 * Whether this process can see it.
	 */
	boolean isKnown() {
		return this.pid > 0;
	}

	/**
	 * Wait for the end of the process.
	 * @return {@code false} if it still runs after the timeout, also if it was stopped by
	 * a signal
	 */
	boolean awaitEnd(Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		while (runs()) {
			if (System.nanoTime() - end >= 0) {
				return false;
			}
			Thread.sleep(POLL_MILLIS);
		}
		return true;
	}

	/**
	 * End the process, which does not respond.
	 */
	void kill(String reason) {
		Optional<ProcessHandle> process = (this.pid > 0 && !isSelf()) ? ProcessHandle.of(this.pid) : Optional.empty();
		process.filter((running) -> runs()).ifPresent((running) -> {
			logger.warn("%s is killed: %s".formatted(this, reason));
			running.destroyForcibly();
		});
	}

	/**
	 * Whether the process has not ended, as a zombie has.
	 */
	boolean runs() {
		if (this.pid <= 0) {
			return false;
		}
		Path process = Path.of("/proc/" + this.pid);
		try {
			String status = Files.readString(process.resolve("stat"));
			char state = status.charAt(status.lastIndexOf(NAME_END) + NAME_END.length());
			return state != 'Z' && state != 'X';
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			// This process may be unable to open files.
			return Files.exists(process);
		}
	}

	@Override
	public String toString() {
		return (this.pid > 0) ? "Process " + this.pid : "A process of another process namespace";
	}

}
