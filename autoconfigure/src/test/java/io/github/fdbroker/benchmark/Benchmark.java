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
import java.util.Map;

/**
 * Measures fdbroker beside its peers, in alternating rounds of one run, and writes
 * {@code target/benchmark.tsv}: name, median, unit, and the ratio to the C peer of the
 * same round as median, smallest and largest.
 */
public final class Benchmark {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private static final int MESSAGES = Integer.getInteger("messages", 100_000);

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
				benchmark.receive("receive.raw." + descriptors + "fd" + suffix, transport, descriptors, "owned");
			}
			benchmark.receive("receive.typed" + suffix, transport, 1, "typed");
			benchmark.send("send.raw.1fd" + suffix, transport);
			benchmark.request("request.1client" + suffix, transport, 1);
			benchmark.request("request.8clients" + suffix, transport, 8);
		}
		benchmark.peers();
		Files.write(Path.of("target/benchmark.tsv"), benchmark.lines);
	}

	/**
	 * A C sender to our listener, against the same sender to a C receiver.
	 */
	private void receive(String name, String transport, int descriptors, String socket) throws Exception {
		int messages = Math.max(2000, MESSAGES / descriptors);
		Path theirs = this.directory.resolve(name + ".c");
		try (PeerProcess receiver = this.c.start("receive", theirs, messages);
				Contenders ours = Contenders.listening(this.directory, transport)) {
			Rounds rounds = new Rounds(name, "messages/s");
			for (int round = -2; round < ROUNDS; round++) {
				double our = this.c.seconds("send", ours.path(socket), messages, descriptors);
				double their = this.c.seconds("send", theirs, messages, descriptors);
				rounds.add(round, messages / our, messages / their);
			}
			report(rounds);
		}
	}

	/**
	 * Our broker to a C receiver, against a C sender to the same.
	 */
	private void send(String name, String transport) throws Exception {
		Path path = this.directory.resolve(name);
		try (PeerProcess receiver = this.c.start("receive", path, MESSAGES)) {
			Rounds rounds = new Rounds(name, "messages/s");
			for (int round = -2; round < ROUNDS; round++) {
				// The receiver serves one connection at a time, so this one has to end.
				try (Contenders ours = Contenders.sending(path, transport, "raw")) {
					ours.send(MESSAGES);
				}
				double our = receiver.readSeconds();
				this.c.seconds("send", path, MESSAGES, 1);
				double their = receiver.readSeconds();
				rounds.add(round, MESSAGES / our, MESSAGES / their);
			}
			report(rounds);
		}
	}

	/**
	 * Requests from our broker to our listener in another process, against a C client and
	 * a C server.
	 */
	private void request(String name, String transport, int clients) throws Exception {
		int requests = MESSAGES / 4 / clients;
		Path theirs = this.directory.resolve(name + ".c");
		Path path = this.directory.resolve(name);
		try (PeerProcess server = this.c.start("serve", theirs);
				PeerProcess ourServer = Contenders.startServer(path, transport);
				Contenders ours = Contenders.sending(path, transport, "frame")) {
			Rounds throughput = new Rounds(name, "requests/s");
			Rounds latency = new Rounds(name + ".p99", "us");
			for (int round = -2; round < ROUNDS; round++) {
				double[] our = ours.request(requests, clients);
				double[] their = this.c.numbers("request", theirs, requests, clients);
				throughput.add(round, requests * clients / our[0], requests * clients / their[0]);
				latency.add(round, our[1], their[1]);
			}
			report(throughput);
			report(latency);
		}
	}

	/**
	 * The other libraries receive what the C sender sends.
	 */
	private void peers() throws Exception {
		for (Map.Entry<String, OtherReceiver> other : OtherReceiver.all(this.directory).entrySet()) {
			Path theirs = this.directory.resolve(other.getKey() + ".c");
			try (PeerProcess receiver = this.c.start("receive", theirs, MESSAGES);
					OtherReceiver peer = other.getValue()) {
				Rounds rounds = new Rounds("receive.raw.1fd." + other.getKey(), "messages/s");
				for (int round = -2; round < ROUNDS; round++) {
					double our = this.c.seconds("send", peer.path(), MESSAGES, 1);
					double their = this.c.seconds("send", theirs, MESSAGES, 1);
					rounds.add(round, MESSAGES / our, MESSAGES / their);
				}
				report(rounds);
			}
		}
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
