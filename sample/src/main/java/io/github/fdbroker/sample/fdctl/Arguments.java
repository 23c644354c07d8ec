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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.wire.Format;

/**
 * The arguments of the command line after the name of the subcommand.
 */
final class Arguments {

	private @Nullable Path path;

	private @Nullable String payload;

	private @Nullable Duration timeout;

	private boolean listen;

	private boolean help;

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final Map<String, String> properties = new LinkedHashMap<>();

	private final List<String> uids = new ArrayList<>();

	private final List<String> files = new ArrayList<>();

	private @Nullable List<String> command;

	private Arguments() {
	}

	static Arguments parse(List<String> words) {
		Arguments arguments = new Arguments();
		int end = words.indexOf("--");
		if (end >= 0) {
			arguments.command = words.subList(end + 1, words.size());
		}
		Iterator<String> remaining = ((end >= 0) ? words.subList(0, end) : words).iterator();
		while (remaining.hasNext()) {
			arguments.add(remaining.next(), remaining);
		}
		return arguments;
	}

	static List<String> formats() {
		return names(Format.values());
	}

	static List<String> types() {
		return names(SocketType.values());
	}

	private static List<String> names(Enum<?>[] values) {
		return Arrays.stream(values).map((value) -> value.name().toLowerCase(Locale.ROOT)).toList();
	}

	private void add(String word, Iterator<String> remaining) {
		switch (word) {
			case "--help", "-h" -> this.help = true;
			case "--listen" -> this.listen = true;
			case "--payload" -> this.payload = value(word, remaining);
			case "--header" -> put(this.headers, word, value(word, remaining));
			case "--set" -> put(this.properties, word, value(word, remaining));
			case "--format" -> this.properties.put("format", oneOf(formats(), word, value(word, remaining)));
			case "--type" -> this.properties.put("type", oneOf(types(), word, value(word, remaining)));
			case "--timeout" -> this.timeout = duration(value(word, remaining));
			case "--uid" -> this.uids.add(value(word, remaining));
			default -> addPath(word);
		}
	}

	private void addPath(String word) {
		if (word.startsWith("-") && word.length() > 1) {
			throw new UsageException("there is no option " + word);
		}
		if (this.path == null) {
			// An abstract name is not a file in the working directory.
			this.path = word.startsWith("@") ? Path.of(word) : Path.of(word).toAbsolutePath();
		}
		else {
			this.files.add(word);
		}
	}

	private static String value(String option, Iterator<String> remaining) {
		if (!remaining.hasNext()) {
			throw new UsageException(option + " takes a value");
		}
		return remaining.next();
	}

	private static void put(Map<String, String> map, String option, String pair) {
		int split = pair.indexOf('=');
		if (split < 1) {
			throw new UsageException(option + " takes NAME=VALUE, not '" + pair + "'");
		}
		map.put(pair.substring(0, split), pair.substring(split + 1));
	}

	private static String oneOf(List<String> values, String option, String value) {
		if (!values.contains(value)) {
			throw new UsageException(option + " is one of " + String.join(", ", values) + ", not '" + value + "'");
		}
		return value;
	}

	private static Duration duration(String value) {
		try {
			return DurationStyle.detectAndParse(value);
		}
		catch (IllegalArgumentException ex) {
			throw new UsageException("--timeout takes a time such as 500ms or 30s, not '" + value + "'");
		}
	}

	Path path() {
		if (this.path == null) {
			throw new UsageException("the PATH of the socket is missing; see fdctl --help");
		}
		return this.path;
	}

	@Nullable String payload() {
		return this.payload;
	}

	@Nullable Duration timeout() {
		return this.timeout;
	}

	boolean isListen() {
		return this.listen;
	}

	boolean isHelp() {
		return this.help;
	}

	Map<String, String> headers() {
		return this.headers;
	}

	Map<String, String> properties() {
		return this.properties;
	}

	List<String> uids() {
		return this.uids;
	}

	List<String> files() {
		return this.files;
	}

	@Nullable List<String> command() {
		return this.command;
	}

}
