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
import java.util.stream.Collectors;

import org.awaitility.Awaitility;

import io.github.fdbroker.web.load.Failure;
import io.github.fdbroker.web.load.Load;
import io.github.fdbroker.web.load.LoadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose processes take over from each other under load.
 */
final class TakeoverSite implements AutoCloseable {

	private static final int CONNECTIONS = 4;

	/** Requests that have to succeed when a trial is over. */
	private static final long FURTHER = 500;

	private final WebServerKind server;

	private final int port = Measurement.freePort();

	private final Path control;

	private final Signals signals = Signals.open();

	private final List<ServerProcess> processes = new ArrayList<>();

	private ServerProcess current;

	TakeoverSite(WebServerKind server, Path directory) throws IOException {
		this.server = server;
		this.control = directory.resolve(server + ".control");
		this.current = ServerProcess.startAndAwait(command());
		this.processes.add(this.current);
	}

	/**
	 * Have a new process take over, and do something to one of the two.
	 */
	void take(Fault fault) throws IOException, InterruptedException {
		try (Loads loads = new Loads()) {
			ServerProcess old = this.current;
			ServerProcess started = start(command());
			FaultInjector injector = new FaultInjector(this.signals, fault,
					(fault.victim() == Fault.Victim.OLD) ? old : started);
			old.observe(injector);
			started.observe(injector);
			Awaitility.await(fault + "\n" + output())
				.atMost(ServerProcess.TIMEOUT)
				.until(() -> injector.hasInjected() && remaining().size() <= 1);
			loads.settle();
			// Without its sockets, the new process can only bind others.
			boolean gap = fault.victim() == Fault.Victim.OLD && !started.printed(", PASSED: ");
			assertThat(loads.failures()).describedAs("%s%n%s", fault, output())
				.filteredOn((failure) -> !injector.explains(failure) && !gap)
				.isEmpty();
		}
	}

	/**
	 * Start processes that are to take over, all at once.
	 * @param arguments what each has on its command line in addition
	 * @return the processes, of which no more than one still runs
	 */
	List<ServerProcess> take(String... arguments) throws IOException, InterruptedException {
		try (Loads loads = new Loads()) {
			List<ServerProcess> started = new ArrayList<>();
			for (String argument : arguments) {
				List<String> command = command();
				command.add(argument);
				started.add(start(command));
			}
			Awaitility.await().atMost(ServerProcess.TIMEOUT).until(() -> remaining().size() <= 1);
			loads.settle();
			assertThat(loads.failures()).describedAs(output()).isEmpty();
			return started;
		}
	}

	/**
	 * Return the process that serves.
	 */
	ServerProcess current() {
		return this.current;
	}

	/**
	 * Return what the processes printed that run, and the two latest.
	 */
	String output() {
		List<ServerProcess> latest = this.processes.subList(Math.max(0, this.processes.size() - 2),
				this.processes.size());
		return this.processes.stream()
			.filter((process) -> process.isAlive() || latest.contains(process))
			.map(ServerProcess::output)
			.collect(Collectors.joining());
	}

	private ServerProcess start(List<String> command) throws IOException {
		ServerProcess started = ServerProcess.start(command);
		this.processes.add(started);
		return started;
	}

	private List<String> command() {
		return this.server.command("--server.port=" + this.port, "--fdbroker.takeover.enabled=true",
				"--fdbroker.takeover.socket=" + this.control, "--fdbroker.takeover.start-timeout=20s",
				"--fdbroker.takeover.step-timeout=3s", "--fdbroker.takeover.drain-timeout=5s");
	}

	private List<ServerProcess> remaining() {
		return this.processes.stream().filter(ServerProcess::isAlive).toList();
	}

	@Override
	public void close() throws IOException, InterruptedException {
		for (ServerProcess process : remaining()) {
			process.close();
		}
		this.signals.close();
	}

	/**
	 * Clients of both kinds, while a process takes over.
	 */
	private final class Loads implements AutoCloseable {

		private final List<Load> loads = new ArrayList<>();

		Loads() throws IOException {
			for (LoadMode mode : LoadMode.values()) {
				this.loads.add(Load.start(TakeoverSite.this.port, mode, CONNECTIONS));
			}
			this.loads.forEach(TakeoverSite.this.current::awaitAnswer);
		}

		/**
		 * Wait until the process that remains has answered, and others do no more.
		 */
		void settle() throws IOException, InterruptedException {
			List<ServerProcess> remaining = remaining();
			assertThat(remaining).describedAs(output()).hasSize(1);
			TakeoverSite.this.current = remaining.get(0);
			for (Load load : this.loads) {
				TakeoverSite.this.current.awaitAnswer(load);
				long enough = load.requests() + FURTHER;
				TakeoverSite.this.current.await(() -> load.requests() >= enough);
				load.stop();
			}
		}

		List<Failure> failures() {
			return this.loads.stream().flatMap((load) -> load.failures().stream()).toList();
		}

		@Override
		public void close() throws IOException, InterruptedException {
			for (Load load : this.loads) {
				load.close();
			}
		}

	}

}
