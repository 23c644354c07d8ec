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

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.web.load.Load;

/**
 * The ways in which a process goes on with the work of another one.
 */
enum Handover {

	/**
	 * The old process ends with Spring Boot's graceful shutdown, and then the new one
	 * starts.
	 */
	STOP_AND_START("stop, then start") {

		@Override
		ServerProcess next(ServerProcess old, List<String> command, Load load)
				throws IOException, InterruptedException {
			load.mark();
			old.terminate();
			old.awaitExit();
			ServerProcess started = ServerProcess.start(command);
			started.awaitAnswer(load);
			return started;
		}

	},

	/**
	 * Both processes listen on the same port for a while, each with a socket of its own.
	 */
	REUSE_PORT("SO_REUSEPORT", "--pid.reuse-port=true") {

		@Override
		ServerProcess next(ServerProcess old, List<String> command, Load load)
				throws IOException, InterruptedException {
			ServerProcess started = ServerProcess.start(command);
			started.awaitAnswer(load);
			load.mark();
			old.terminate();
			old.awaitExit();
			return started;
		}

	},

	/** The new process takes over from the old one, which finishes its work and ends. */
	TAKE_OVER("take-over", "--fdbroker.takeover.enabled=true") {

		@Override
		ServerProcess next(ServerProcess old, List<String> command, Load load)
				throws IOException, InterruptedException {
			ServerProcess started = ServerProcess.start(command);
			started.awaitAnswer(load);
			if (old.awaitExit() != 0) {
				throw new AssertionError("The old process failed. " + old.output());
			}
			return started;
		}

	};

	private final String text;

	private final List<String> arguments;

	Handover(String text, String... arguments) {
		this.text = text;
		this.arguments = List.of(arguments);
	}

	/**
	 * Have a new process go on with the work.
	 * @return the new process
	 */
	abstract ServerProcess next(ServerProcess old, List<String> command, Load load)
			throws IOException, InterruptedException;

	/**
	 * Return the command that starts a process, always the same.
	 */
	List<String> command(WebServerKind server, int port, Path directory) {
		List<String> all = new ArrayList<>(this.arguments);
		all.add("--server.port=" + port);
		all.add("--fdbroker.takeover.socket=" + directory.resolve("control"));
		return server.command(all.toArray(String[]::new));
	}

	@Override
	public String toString() {
		return this.text;
	}

}
