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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures fdbroker beside its peers, in alternating rounds of one run, and writes
 * {@code target/benchmark.tsv}: name, median, unit, and the ratio to the C peer of the
 * same round as median, smallest and largest.
 */
public final class Benchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	/** How many rounds are not counted, in which the compiler works. */
	private static final int WARM_UP = 5;

	private static final int BYTES = 16;

	private static final int MESSAGES = Integer.getInteger("messages", 100_000);

	/** What the names of the measurements to make begin with: all, if nothing is said. */
	private static final String ONLY = System.getProperty("only", "");

	/** The first version of Java that has them. */
	private static final int VIRTUAL_THREADS = 21;

	private static final int ASYNC_THREADS = 16;

	private static final int ASYNC_OUTSTANDING = 64;

	private final Path directory;

	private final CPeer c;

	private final List<String> lines = new ArrayList<>();

	private Benchmark(Path directory) throws Exception {
		this.directory = directory;
		this.c = CPeer.compile(directory);
	}

	/**
	 * Run the benchmark.
	 */
	public static void main(String[] args) throws Exception {
		Path directory = Files.createTempDirectory("fdbench");
		Benchmark benchmark = new Benchmark(directory);
		for (String transport : Contenders.transports()) {
			String suffix = transport.equals("native") ? "" : ".portable";
			for (int descriptors : new int[] { 1, 8, 253 }) {
				benchmark.receive("receive.raw." + descriptors + "fd" + suffix, transport, descriptors, BYTES, "owned");
			}
			for (int kilobytes : new int[] { 4, 16 }) {
				benchmark.receive("receive.raw.%dkb%s".formatted(kilobytes, suffix), transport, 1, kilobytes * 1024,
						"owned");
			}
			benchmark.receive("receive.typed" + suffix, transport, 1, BYTES, "typed");
			if (suffix.isEmpty() && Runtime.version().feature() >= VIRTUAL_THREADS) {
				benchmark.receive("receive.raw.1fd.virtual", transport, 1, BYTES, "owned",
						"spring.threads.virtual.enabled=true");
			}
			benchmark.send("send.raw.1fd" + suffix, transport);
			benchmark.request("request.1client" + suffix, transport, 1);
			benchmark.request("request.8clients" + suffix, transport, 8);
			benchmark.sendAcknowledged("send.acknowledged" + suffix, transport);
			benchmark.sendAsync("send.async.batched" + suffix, transport);
		}
		benchmark.receiveWithOptional("optional.receive");
		benchmark.requestWithOptional("optional.request");
		benchmark.connections("connections.10000", 10_000);
		benchmark.startup();
	}

	/**
	 * A C sender to our listener, against the same sender to a C receiver, and to the
	 * receivers of others that can take as many descriptors.
	 */
	private void receive(String name, String transport, int descriptors, int bytes, String socket, String... properties)
			throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		int messages = Math.max(2000, MESSAGES / descriptors);
		Path theirs = this.directory.resolve(name + ".c");
		Path others = Files.createTempDirectory(this.directory, "others");
		try (PeerProcess receiver = this.c.start("receive", theirs, messages);
				Contenders ours = Contenders.listening(this.directory, transport, properties);
				OtherReceivers peers = OtherReceivers.start(others, name,
						(bytes == BYTES && properties.length == 0) ? descriptors : Integer.MAX_VALUE)) {
			Rounds rounds = new Rounds(name, "messages/s");
			Rounds allocated = new Rounds(name + ".allocated", "bytes/message");
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				long before = Contenders.allocatedBytes(socket);
				double our = messages / this.c.seconds("send", ours.path(socket), messages, descriptors, bytes);
				allocated.add(round, (double) (Contenders.allocatedBytes(socket) - before) / messages);
				double their = messages / this.c.seconds("send", theirs, messages, descriptors, bytes);
				rounds.add(round, our, their);
				for (OtherReceivers.Other other : peers.all()) {
					double rate = messages
							/ this.c.seconds("send", other.receiver().path(), messages, descriptors, bytes);
					other.add(round, rate, our, their);
				}
			}
			report(rounds);
			if (properties.length == 0) {
				report(allocated);
			}
			for (OtherReceivers.Other other : peers.all()) {
				report(other.toC());
				report(other.toUs());
			}
		}
	}

	/**
	 * Our broker to a C receiver, against a C sender to the same.
	 */
	private void send(String name, String transport) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		Path path = this.directory.resolve(name);
		try (PeerProcess receiver = this.c.start("receive", path, MESSAGES)) {
			Rounds rounds = new Rounds(name, "messages/s");
			Rounds direct = new Rounds(name + "/junixsocket", "messages/s");
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				// The receiver serves one connection at a time, so this one has to end.
				try (Contenders ours = Contenders.sending(path, transport, "raw")) {
					ours.send(MESSAGES);
				}
				double our = MESSAGES / receiver.readSeconds();
				this.c.seconds("send", path, MESSAGES, 1, BYTES);
				rounds.add(round, our, MESSAGES / receiver.readSeconds());
				JunixsocketPeer.send(path, MESSAGES);
				direct.add(round, our, MESSAGES / receiver.readSeconds());
			}
			report(rounds);
			report(direct);
		}
	}

	/**
	 * Acknowledged sends of our broker to our listener in another process, against a C
	 * client that waits for the reply of a C server.
	 */
	private void sendAcknowledged(String name, String transport) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		Path theirs = this.directory.resolve(name + ".c");
		Path path = this.directory.resolve(name);
		try (PeerProcess server = this.c.start("serve", theirs);
				PeerProcess ourReceiver = Contenders.startServer(path, transport, "spring.profiles.active=counter",
						"count=" + MESSAGES);
				Contenders ours = Contenders.sending(path, transport, "frame",
						"fdbroker.peers.peer.acknowledge=true")) {
			Rounds rounds = new Rounds(name, "messages/s");
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				ours.send(MESSAGES);
				double our = MESSAGES / ourReceiver.readSeconds();
				rounds.add(round, our, MESSAGES / this.c.seconds("request", theirs, MESSAGES, 1));
			}
			report(rounds);
		}
	}

	/**
	 * Requests from our broker to our listener in another process, against a C client and
	 * a C server, and against junixsocket on both sides.
	 */
	private void request(String name, String transport, int clients) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		int requests = MESSAGES / clients;
		Path theirs = this.directory.resolve(name + ".c");
		Path direct = this.directory.resolve(name + ".j");
		Path path = this.directory.resolve(name);
		try (PeerProcess server = this.c.start("serve", theirs);
				PeerProcess directServer = JunixsocketPeer.startServer(direct);
				PeerProcess ourServer = Contenders.startServer(path, transport, "spring.profiles.active=server");
				Contenders ours = Contenders.sending(path, transport, "frame")) {
			Rounds throughput = new Rounds(name, "requests/s");
			Rounds latency = new Rounds(name + ".p99", "us");
			Rounds tail = new Rounds(name + ".p999", "us");
			Rounds toDirect = new Rounds(name + "/junixsocket", "requests/s");
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				double[] our = ours.request(requests, clients);
				double[] their = this.c.numbers("request", theirs, requests, clients);
				throughput.add(round, requests * clients / our[0], requests * clients / their[0]);
				latency.add(round, our[1], their[1]);
				tail.add(round, our[2], their[2]);
				double[] other = JunixsocketPeer.request(direct, requests, clients);
				toDirect.add(round, requests * clients / our[0], requests * clients / other[0]);
			}
			report(throughput);
			report(latency);
			report(tail);
			report(toDirect);
		}
	}

	/**
	 * Sends that nobody waits for from our broker to our listener in another process,
	 * against a C sender, with a system call for each descriptor, and a C receiver.
	 */
	private void sendAsync(String name, String transport) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		int messages = 4 * MESSAGES / ASYNC_THREADS * ASYNC_THREADS;
		Path theirs = this.directory.resolve(name + ".c");
		Path path = this.directory.resolve(name);
		try (PeerProcess receiver = this.c.start("receive", theirs, messages);
				PeerProcess ourReceiver = Contenders.startServer(path, transport, "spring.profiles.active=counter",
						"count=" + messages);
				Contenders ours = Contenders.sending(path, transport, "frame")) {
			Rounds rounds = new Rounds(name, "descriptors/s");
			for (int round = -WARM_UP; round < ROUNDS; round++) {
				ours.sendAsync(messages, ASYNC_THREADS, ASYNC_OUTSTANDING);
				double our = ourReceiver.readSeconds();
				this.c.seconds("send", theirs, messages, 1, BYTES);
				rounds.add(round, messages / our, messages / receiver.readSeconds());
			}
			report(rounds);
		}
	}

	/**
	 * A C sender to our listener with what the optional libraries bring but no registry,
	 * against the same without them.
	 */
	private void receiveWithOptional(String name) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		Path plain = Files.createTempDirectory(this.directory, "plain");
		try (Contenders with = Contenders.listening(this.directory, "auto", Contenders.OPTIONAL);
				Contenders without = Contenders.listening(plain, "auto")) {
			Rounds rounds = new Rounds(name, "messages/s");
			for (int round = -2; round < ROUNDS; round++) {
				double our = MESSAGES / this.c.seconds("send", with.path("owned"), MESSAGES, 1, BYTES);
				rounds.add(round, our, MESSAGES / this.c.seconds("send", without.path("owned"), MESSAGES, 1, BYTES));
			}
			report(rounds);
		}
	}

	/**
	 * Requests between two processes with what the optional libraries bring but no
	 * registry, against the same without them.
	 */
	private void requestWithOptional(String name) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		Path path = this.directory.resolve(name);
		Path plain = this.directory.resolve(name + ".plain");
		try (PeerProcess server = Contenders.startServer(path, "auto", "spring.profiles.active=server",
				Contenders.OPTIONAL);
				PeerProcess plainServer = Contenders.startServer(plain, "auto", "spring.profiles.active=server");
				Contenders with = Contenders.sending(path, "auto", "frame", Contenders.OPTIONAL);
				Contenders without = Contenders.sending(plain, "auto", "frame")) {
			Rounds rounds = new Rounds(name, "requests/s");
			for (int round = -2; round < ROUNDS; round++) {
				double our = MESSAGES / with.request(MESSAGES, 1)[0];
				rounds.add(round, our, MESSAGES / without.request(MESSAGES, 1)[0]);
			}
			report(rounds);
		}
	}

	/**
	 * A client of our listener, with many idle connections beside it, against the same
	 * alone.
	 */
	private void connections(String name, int count) throws Exception {
		if (!name.startsWith(ONLY)) {
			return;
		}
		Path path = this.directory.resolve(name);
		int requests = MESSAGES / 5;
		try (PeerProcess server = Contenders.startServer(path, "auto", "spring.profiles.active=server",
				"spring.threads.virtual.enabled=true", "fdbroker.sockets.server.format=raw",
				"fdbroker.sockets.server.max-connections=" + 2 * count,
				"fdbroker.sockets.server.max-connections-per-user=" + 2 * count)) {
			Rounds latency = new Rounds(name, "us");
			Rounds threads = new Rounds(name + ".threads", "threads");
			Rounds memory = new Rounds(name + ".memory", "bytes/connection");
			for (int round = -1; round < ROUNDS; round++) {
				double alone = this.c.numbers("request", path, requests, 1)[1];
				long before = server.status("VmRSS");
				long files = server.openFiles();
				try (PeerProcess idle = this.c.start("idle", path, count)) {
					idle.readLine();
					latency.add(round, this.c.numbers("request", path, requests, 1)[1], alone);
					threads.add(round, server.status("Threads"));
					// Memory that was used once is not given back, so only the first time
					// tells.
					memory.add((round < 0) ? 0 : -1, (server.status("VmRSS") - before) * 1024.0 / count);
				}
				while (server.openFiles() > files + 1) {
					Thread.sleep(10);
				}
			}
			report(latency);
			report(threads);
			report(memory);
		}
	}

	/**
	 * The start of an application with fdbroker, less the start of the same without it.
	 */
	private void startup() throws Exception {
		if (!"startup".startsWith(ONLY)) {
			return;
		}
		Rounds rounds = new Rounds("startup", "ms");
		Rounds without = new Rounds("startup.without", "ms");
		for (int round = -1; round < 2 * ROUNDS; round++) {
			double with = Startup.with(this.directory);
			double less = Startup.without();
			rounds.add(round, with - less);
			without.add(round, less);
		}
		report(rounds);
		report(without);
	}

	private void report(Rounds rounds) throws IOException {
		String line = rounds.line();
		System.out.println(line);
		this.lines.add(line);
		Files.write(Files.createDirectories(Path.of("target")).resolve("benchmark.tsv"), this.lines);
	}

	static String format(double value) {
		return String.format(Locale.ROOT, (value < 10) ? "%.2f" : "%.0f", value);
	}

}
