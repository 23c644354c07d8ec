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

package io.github.fdbroker.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The peer in C, which is what fdbroker is measured against.
 *
 * @param program the compiled program
 */
record CPeer(Path program) {

	static CPeer compile(Path directory) throws Exception {
		Path program = directory.resolve("bench");
		Process gcc = new ProcessBuilder("gcc", "-O2", "-pthread", "-o", program.toString(), "src/test/peers/bench.c")
			.inheritIO()
			.start();
		if (gcc.waitFor() != 0) {
			throw new IOException("gcc failed");
		}
		return new CPeer(program);
	}

	PeerProcess start(Object... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(this.program.toString()));
		for (Object argument : arguments) {
			command.add(argument.toString());
		}
		return PeerProcess.start(command);
	}

	double seconds(Object... arguments) throws IOException {
		return numbers(arguments)[0];
	}

	double[] numbers(Object... arguments) throws IOException {
		try (PeerProcess process = start(arguments)) {
			return process.readNumbers();
		}
	}

}
