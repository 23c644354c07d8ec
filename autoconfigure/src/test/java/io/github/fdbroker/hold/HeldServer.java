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

package io.github.fdbroker.hold;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application in a JVM of its own with 512 descriptors and 256 MB of heap, seen from
 * outside. It has the sockets {@code stream} and {@code brief}, which admit two users,
 * {@code strangers}, which everybody reaches and which admits one user, {@code seqpacket}
 * and {@code datagram}.
 */
final class HeldServer implements AutoCloseable {

	private static final int NATIVE_TABLE = 512;

	/**
	 * The size of the table of descriptors. The transport junixsocket needs three for a
	 * connection.
	 */
	static final int TABLE = (Runtime.version().feature() < 22) ? 768 : NATIVE_TABLE;

	private static final String SCRIPT = "hostile.py";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Path directory;

	private final Path log;

	private final Process process;

	private HeldServer(Path directory, Path log, Process process) {
		this.directory = directory;
		this.log = log;
		this.process = process;
	}

	/**
	 * Start it, and wait until it serves.
	 */
	static HeldServer start(Path directory, String... arguments) {
		return startUnder(List.of(), directory, arguments);
	}

	/**
	 * Start it under another command.
	 */
	static HeldServer startUnder(List<String> prefix, Path directory, String... arguments) {
		OtherUser.assumeAvailable();
		Path log = directory.resolve("log");
		List<String> command = new ArrayList<>(prefix);
		command.addAll(ChildJvm.withTable(TABLE, ChildJvm.command(HeldApplication.class, arguments(directory))));
		// The later one of two options counts.
		command.add(command.indexOf("-cp"), "-Xmx256m");
		command.addAll(List.of(arguments));
		try {
			HeldServer server = new HeldServer(directory, log,
					new ProcessBuilder(command).redirectErrorStream(true)
						.redirectOutput(Redirect.to(log.toFile()))
						.start());
			server.process.getOutputStream().close();
			server.awaitReady();
			return server;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Both transports have to hold: each is served on one of the versions of Java that
	 * the tests run on.
	 */
	private static String transport() {
		return (TABLE == NATIVE_TABLE) ? "native" : "junixsocket";
	}

	private static Object[] arguments(Path directory) {
		List<String> arguments = new ArrayList<>(List.of("--fdbroker.directory=" + directory,
				"--fdbroker.transport=" + transport(), "--spring.main.banner-mode=off", "--logging.level.root=warn",
				"--logging.pattern.console=%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} %p %m%n%ex"));
		for (String socket : List.of("stream", "brief", "strangers", "seqpacket", "datagram")) {
			arguments.add("--fdbroker.sockets." + socket + ".path=" + socket);
			arguments.add("--fdbroker.sockets." + socket + ".mode=0666");
		}
		arguments.addAll(List.of("--fdbroker.sockets.stream.allow.uids=0," + OtherUser.ID,
				"--fdbroker.sockets.brief.allow.uids=0," + OtherUser.ID,
				"--fdbroker.sockets.stream.message-timeout=10m", "--fdbroker.sockets.brief.message-timeout=1s",
				"--fdbroker.sockets.seqpacket.type=seqpacket", "--fdbroker.sockets.datagram.type=datagram"));
		return arguments.toArray();
	}

	private void awaitReady() {
		Awaitility.await().atMost(PATIENCE).until(() -> lines().contains("ready") || !this.process.isAlive());
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The server has ended: " + lines());
		}
	}

	/**
	 * Return its process id.
	 */
	long pid() {
		return this.process.pid();
	}

	/**
	 * Whether it runs.
	 */
	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return what it has printed.
	 */
	List<String> lines() {
		try {
			return List.of(Files.readString(this.log).split("\n"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many lines it printed in each second.
	 */
	Map<Instant, Long> linesPerSecond(int from) {
		List<String> lines = lines();
		Map<Instant, Long> counts = new TreeMap<>();
		Instant second = Instant.MIN;
		for (String line : lines.subList(from, lines.size())) {
			if (line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z .*")) {
				second = Instant.parse(line.substring(0, 19) + "Z");
			}
			// Lines of a stack trace have the time of the line above.
			counts.merge(second, 1L, Long::sum);
		}
		return counts;
	}

	/**
	 * Return its open descriptors, without those that the Java runtime opens for itself.
	 */
	Map<Integer, String> descriptors() {
		try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
			return entries
				.collect(Collectors.toMap((entry) -> Integer.valueOf(entry.getFileName().toString()),
						HeldServer::target))
				.entrySet()
				.stream()
				.filter((entry) -> !isOfRuntime(entry.getValue()))
				.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String target(Path entry) {
		try {
			return Files.readSymbolicLink(entry).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static boolean isOfRuntime(String target) {
		return target.isEmpty() || target.endsWith(".jar") || target.endsWith(".class") || target.endsWith("/modules")
				|| target.startsWith("/sys/fs/cgroup/") || target.endsWith("random") || target.startsWith("/proc/");
	}

	/**
	 * Wait until its open descriptors are those of before.
	 */
	void awaitDescriptors(Map<Integer, String> before) {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(difference(before)).isEmpty());
	}

	/**
	 * The number of a descriptor may change: a library may duplicate its own.
	 */
	private List<String> difference(Map<Integer, String> before) {
		List<String> left = new ArrayList<>(descriptors().values());
		before.values().forEach(left::remove);
		List<String> closed = new ArrayList<>(before.values());
		descriptors().values().forEach(closed::remove);
		List<String> difference = new ArrayList<>();
		left.forEach((target) -> difference.add("left open: " + target));
		closed.forEach((target) -> difference.add("closed: " + target));
		return difference;
	}

	/**
	 * Return a number of its status, as proc(5) names it.
	 */
	long status(String field) {
		try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
			return lines.filter((line) -> line.startsWith(field + ":"))
				.map((line) -> line.replaceAll("[^0-9]", ""))
				.mapToLong(Long::parseLong)
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the path of a socket.
	 */
	Path socket(String name) {
		return this.directory.resolve(name);
	}

	/**
	 * Run a peer of the same user to its end, and return what it prints.
	 */
	String run(String command, String socket, Object... arguments) {
		return run(command(command, socket, arguments));
	}

	/**
	 * Run a peer of another user to its end, and return what it prints.
	 */
	String runAsOther(String command, String socket, Object... arguments) {
		return run(OtherUser.command(command(command, socket, arguments)));
	}

	private static String run(List<String> command) {
		return Peers.run(command).output().trim();
	}

	/**
	 * Run a peer of a third user to its end, and return what it prints.
	 */
	String runAsThird(String command, String socket, Object... arguments) {
		return run(OtherUser.command(OtherUser.THIRD, command(command, socket, arguments)));
	}

	/**
	 * Start a peer of the same user.
	 */
	PeerProcess attack(String command, String socket, Object... arguments) {
		return PeerProcess.startReady(command(command, socket, arguments));
	}

	/**
	 * Start a peer of another user.
	 */
	PeerProcess attackAsOther(String command, String socket, Object... arguments) {
		return PeerProcess.startReady(OtherUser.command(command(command, socket, arguments)));
	}

	List<String> command(String command, String socket, Object... arguments) {
		List<String> whole = new ArrayList<>(Peers.python(SCRIPT, command, this.directory.resolve(socket)));
		for (Object argument : arguments) {
			whole.add(argument.toString());
		}
		return whole;
	}

	/**
	 * Start a peer while the server is stopped, so that all that it sends waits when the
	 * server goes on.
	 */
	PeerProcess ambush(List<String> command) {
		signal("STOP");
		try {
			return PeerProcess.startReady(command);
		}
		finally {
			signal("CONT");
		}
	}

	private void signal(String name) {
		Peers.run(List.of("kill", "-" + name, Long.toString(pid())));
	}

	/**
	 * Check that a client is served.
	 */
	void assertServes(String socket) {
		assertThat(run("ask", socket, 20)).startsWith("served 20 ");
	}

	/**
	 * Kill it.
	 */
	void kill() {
		this.process.destroyForcibly();
		awaitExit();
	}

	private void awaitExit() {
		try {
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("The server does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
		try {
			this.process.getInputStream().close();
			this.process.getErrorStream().close();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
