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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of a process, as strace(1) saw them.
 *
 * @param file where strace writes
 */
public record Strace(Path file) {

	private static final Pattern CALL = Pattern.compile("([0-9]+) +([a-z0-9_]+)\\((.*)");

	private static final Pattern RESUMED = Pattern.compile("([0-9]+) +<\\.\\.\\. [a-z0-9_]+ resumed>(.*)");

	/**
	 * Return the command to run a command under strace, with all its threads.
	 * @param options what to trace, and which faults to inject
	 */
	public List<String> command(List<String> command, String... options) {
		Peers.require("strace");
		List<String> whole = new ArrayList<>(
				List.of("strace", "-f", "-qq", "--seccomp-bpf", "-o", this.file.toString()));
		whole.addAll(List.of(options));
		whole.addAll(command);
		return whole;
	}

	/**
	 * Return the calls in the order in which they began. What strace wrote in two parts,
	 * because other threads made calls meanwhile, is put together.
	 */
	public List<Call> calls() {
		List<Call> calls = new ArrayList<>();
		Map<String, Integer> unfinished = new HashMap<>();
		for (String line : lines()) {
			Matcher call = CALL.matcher(line);
			Matcher resumed = RESUMED.matcher(line);
			if (call.matches()) {
				unfinished.put(call.group(1), calls.size());
				calls.add(new Call(call.group(1), call.group(2), call.group(3)));
			}
			else if (resumed.matches() && unfinished.containsKey(resumed.group(1))) {
				calls.set(unfinished.get(resumed.group(1)),
						calls.get(unfinished.get(resumed.group(1))).and(resumed.group(2)));
			}
		}
		return calls;
	}

	private List<String> lines() {
		try {
			return Files.readAllLines(this.file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A call.
	 *
	 * @param thread the number of the thread
	 * @param name the name of the call
	 * @param rest its arguments and its result
	 */
	public record Call(String thread, String name, String rest) {

		Call and(String more) {
			return new Call(this.thread, this.name, this.rest + more);
		}

	}

}
