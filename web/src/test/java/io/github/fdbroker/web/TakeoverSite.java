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
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;

import io.github.fdbroker.web.load.Load;
import io.github.fdbroker.web.load.LoadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose processes take over from each other under load.
 */
final class TakeoverSite implements AutoCloseable {

	private static final int CONNECTIONS = 8;

	/** Requests that have to succeed when a trial is over. */
	private static final long FURTHER = 1000;

	private final WebServerKind server;

	private final Function<String[], List<String>> command;

	private final Path control;

	private final Duration startTimeout;

	/** Between the requests of a connection. */
	private final Duration pause;

	private final int port = Measurement.freePort();

	private final Signals signals = Signals.open();

	private final List<ServerProcess> processes = new ArrayList<>();

	private ServerProcess current;

	TakeoverSite(WebServerKind server, Path directory) throws IOException {
		this(server, server::command, directory.resolve("control"), Duration.ofSeconds(20), Duration.ZERO);
	}

	/**
	 * Start the first process.
	 * @param server the web server
	 * @param command returns the command line of a process with given arguments
	 * @param control the control socket
	 * @param startTimeout how long a process may take to start
	 * @param pause how long each connection pauses after a request
	 */
	TakeoverSite(WebServerKind server, Function<String[], List<String>> command, Path control, Duration startTimeout,
			Duration pause) throws IOException {
		this.server = server;
		this.command = command;
		this.control = control;
		this.startTimeout = startTimeout;
		this.pause = pause;
		this.current = ServerProcess.startAndAwait(command());
		this.processes.add(this.current);
	}

	/**
	 * Have a new process take over, and do something to one of the two.
	 */
	Outcome take(Fault fault) throws IOException, InterruptedException {
		try (Load load = startLoad()) {
			ServerProcess old = this.current;
			ServerProcess started = start(command());
			FaultInjector injector = (fault.victim() == Fault.Victim.OLD)
					? new FaultInjector(this.signals, fault, old, 0)
					: new FaultInjector(this.signals, fault, started, this.server.movesConnections() ? old.pid() : 0);
			old.observe(injector);
			started.observe(injector);
			Awaitility.await(fault + "\n" + output())
				.atMost(ServerProcess.TIMEOUT)
				.until(() -> injector.hasInjected() && remaining().size() <= 1);
			Outcome outcome = settle(load);
			// Without its sockets, the new process can only bind others.
			boolean gap = fault.isKill(Fault.Victim.OLD) && !started.printed(", PASSED: ");
			assertThat(load.failures()).describedAs("%s%n%s", fault, output())
				.filteredOn((failure) -> !injector.explains(failure) && !gap)
				.isEmpty();
			return outcome;
		}
	}

	/**
	 * Start processes that are to take over, all at once.
	 * @param arguments what each has on its command line in addition
	 */
	Outcome take(String... arguments) throws IOException, InterruptedException {
		try (Load load = startLoad()) {
			for (String argument : arguments) {
				List<String> command = command();
				command.addAll(List.of(argument.split(" ")));
				start(command);
			}
			Awaitility.await().atMost(ServerProcess.TIMEOUT).until(() -> remaining().size() <= 1);
			Outcome outcome = settle(load);
			assertThat(load.failures()).describedAs(output()).isEmpty();
			return outcome;
		}
	}

	/**
	 * Start a process that fails to take over.
	 * @param arguments what makes it fail, on its command line
	 */
	Outcome refuse(String arguments) throws IOException, InterruptedException {
		ServerProcess old = this.current;
		Outcome outcome = take(arguments);
		assertThat(this.current).describedAs(output()).isSameAs(old);
		assertThat(this.processes.get(this.processes.size() - 1).awaitExit()).isNotZero();
		return outcome;
	}

	/**
	 * Start clients of both kinds.
	 */
	private Load startLoad() throws IOException {
		Load load = Load.start(this.port, EnumSet.allOf(LoadMode.class), CONNECTIONS, this.pause);
		this.current.awaitAnswer(load);
		return load;
	}

	/**
	 * Wait until the process that remains has answered, and others do no more.
	 */
	private Outcome settle(Load load) throws IOException, InterruptedException {
		List<ServerProcess> remaining = remaining();
		assertThat(remaining).describedAs(output()).hasSize(1);
		this.current = remaining.get(0);
		this.current.awaitAnswer(load);
		long enough = load.requests() + FURTHER;
		this.current.await(() -> load.requests() >= enough);
		load.stop();
		return new Outcome(load.requests(), load.failures().size());
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
		return this.command.apply(new String[] { "--server.port=" + this.port, "--fdbroker.takeover.enabled=true",
				"--fdbroker.takeover.socket=" + this.control,
				"--fdbroker.takeover.start-timeout=" + this.startTimeout.toMillis() + "ms",
				"--fdbroker.takeover.step-timeout=3s", "--fdbroker.takeover.drain-timeout=5s" });
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
	 * What clients noticed.
	 *
	 * @param requests how many requests there were
	 * @param failed how many of them failed with a process that was killed
	 */
	record Outcome(long requests, long failed) {

	}

}
