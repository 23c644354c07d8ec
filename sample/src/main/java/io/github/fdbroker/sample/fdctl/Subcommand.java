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

package io.github.fdbroker.sample.fdctl;

import java.time.Duration;
import java.util.Locale;

/**
 * The subcommands of the tool.
 */
enum Subcommand {

	/** Send files. */
	SEND("""
			usage: fdctl send PATH [OPTION...] [FILE...]

			Sends a message with open files to the socket at PATH, and waits for no reply.
			"""),

	/** Request a file. */
	REQUEST("""
			usage: fdctl request PATH [OPTION...] [FILE...] [-- COMMAND [ARGUMENT...]]

			Sends a request to the socket at PATH, and writes the first file of the reply to
			standard output, or the payload if no file came. With a COMMAND, runs that with the
			file, whatever it is, as its standard input, and ends with its exit code.
			"""),

	/** Describe a message. */
	DESCRIBE("""
			usage: fdctl describe PATH [OPTION...] [FILE...]
			       fdctl describe --listen PATH [OPTION...]

			Sends a request to the socket at PATH and tells what the reply brings; with --listen,
			listens at PATH and tells what the first message brings, and who sent it.
			"""),

	/** Replace a process. */
	TAKEOVER("""
			usage: fdctl takeover PATH [--timeout TIME]

			Has the process with the control socket at PATH start its command line anew, and waits
			until the new process serves; default timeout 2m.
			""");

	private static final String OPTIONS = """

			FILE is the path of a file, which is opened for reading, or - for the standard input
			itself, whatever it is. NAME=FILE gives it a name.

			  --payload TEXT         the payload; - reads it from standard input
			  --header NAME=VALUE    a header; may be repeated
			  --format FORMAT        how messages look: %s; default frame
			  --type TYPE            what kind of socket it is: %s; default stream
			  --timeout TIME         how long to wait for the peer, such as 500ms; default 30s
			  --uid UID              who may be at the other end; may be repeated; default: this
			                         user, and root as a server
			  --set PROPERTY=VALUE   any other property of fdbroker.peers.<name>, or, to listen, of
			                         fdbroker.sockets.<name>; may be repeated

			Exit codes: 0 done; 1 refused, or the other side replied with an error or with what
			makes no sense, or there is no listening at PATH; 2 wrong usage, or a file that cannot
			be opened; 3 nobody there, or too slow; 127 the COMMAND cannot be run; otherwise that
			of the COMMAND.
			""";

	private final String usage;

	Subcommand(String usage) {
		this.usage = usage;
	}

	/**
	 * Return how long to wait if the arguments do not say.
	 */
	Duration timeout() {
		return (this == TAKEOVER) ? Duration.ofMinutes(2) : Duration.ofSeconds(30);
	}

	static Subcommand of(String name) {
		for (Subcommand subcommand : values()) {
			if (subcommand.name().toLowerCase(Locale.ROOT).equals(name)) {
				return subcommand;
			}
		}
		throw new UsageException(
				"there is no '" + name + "', but send, request, describe and takeover; see fdctl --help");
	}

	static String overview() {
		return SEND.usage + "\n" + REQUEST.usage + "\n" + DESCRIBE.usage + "\n" + TAKEOVER.usage + options();
	}

	String help() {
		return this.usage + options();
	}

	private static String options() {
		return OPTIONS.formatted(String.join(", ", Arguments.formats()), String.join(", ", Arguments.types()));
	}

}
