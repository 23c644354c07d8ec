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
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.fdbroker.web.Fault.Action;
import io.github.fdbroker.web.Fault.Victim;
import io.github.fdbroker.web.TakeoverSite.Outcome;

/**
 * A take-over in which something goes wrong.
 *
 * @param kind what goes wrong
 * @param detail when, or how
 * @param server the web server
 * @param slow whether the process is to exceed the limit for its start
 * @param attempt makes it go wrong
 */
record Trial(String kind, String detail, WebServerKind server, boolean slow, Attempt attempt) {

	private static final List<String> STEPS = List.of("BEGUN", "PASSED", "READY", "SERVING", "RELEASED");

	private static final List<String> BROKEN = List.of("--server.port=no-number", "--pid.start-failure=true",
			"--pid.start-failure=true --pid.start-late=true");

	private static final List<String> SLOW = List.of("--pid.start-delay=30",
			"--pid.start-delay=30 --pid.start-late=true");

	/**
	 * Return trials of all kinds, over and over. Each kind has all steps, details and
	 * servers in turn.
	 * @param times how many of each kind
	 */
	static Stream<Trial> all(int times, List<WebServerKind> servers) {
		return IntStream.range(0, times).boxed().flatMap((round) -> round(round, servers.get(round % servers.size())));
	}

	private static Stream<Trial> round(int round, WebServerKind server) {
		// Of five steps, so that each step has both.
		Action stop = (round % 2 == 0) ? Action.LONG_STOP : Action.SHORT_STOP;
		Stream<Trial> faults = Stream.of(Action.KILL, stop)
			.flatMap((action) -> Stream.of(Victim.values())
				.map((victim) -> of(new Fault(action, victim, element(STEPS, round)), server)));
		return Stream.concat(faults, Stream.of(refused("other port", "--server.port=1", server),
				refused("broken configuration", element(BROKEN, round / 3), server),
				refused("slow start", element(SLOW, round / 3), server),
				new Trial("two at once", "", server, false, (site) -> site.take("--pid.first", "--pid.second"))));
	}

	private static Trial of(Fault fault, WebServerKind server) {
		String action = (fault.action() == Action.KILL) ? "kill" : "stop";
		String kind = action + " " + fault.victim().name().toLowerCase(Locale.ROOT);
		String length = (fault.action().millis() > 0) ? " for %d ms".formatted(fault.action().millis()) : "";
		return new Trial(kind, fault.step() + length, server, false, (site) -> site.take(fault));
	}

	private static Trial refused(String kind, String arguments, WebServerKind server) {
		return new Trial(kind, arguments, server, kind.startsWith("slow"), (site) -> site.refuse(arguments));
	}

	private static <T> T element(List<T> list, int index) {
		return list.get(index % list.size());
	}

	@Override
	public String toString() {
		return String.join("\t", this.kind, this.detail, this.server.toString());
	}

	/**
	 * Something that goes wrong.
	 */
	interface Attempt {

		Outcome make(TakeoverSite site) throws IOException, InterruptedException;

	}

}
