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

package io.github.fdbroker.test;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.wire.Format;

/**
 * The sockets and peers of a context, and the paths that they have in its test.
 *
 * @param sockets the sockets, by name
 * @param peers the peers, by name
 * @param properties the properties with the paths of the test
 */
record ConfiguredSockets(Map<String, Entry> sockets, Map<String, Entry> peers, Map<String, Object> properties) {

	private static final String SOCKETS = "fdbroker.sockets";

	private static final String PEERS = "fdbroker.peers";

	private static final int LONGEST_NAME = 30;

	static ConfiguredSockets of(Environment environment, Path directory) {
		Paths paths = new Paths(Binder.get(environment).bind("fdbroker.directory", String.class).orElse(""), directory);
		Map<String, Object> properties = new HashMap<>();
		properties.put("fdbroker.directory", directory.toString());
		Map<String, Entry> sockets = move(environment, SOCKETS, paths, properties);
		Map<String, Entry> peers = move(environment, PEERS, paths, properties);
		return new ConfiguredSockets(sockets, peers, properties);
	}

	Entry socket(String name) {
		return find(this.sockets, SOCKETS, name);
	}

	Entry peer(String name) {
		return find(this.peers, PEERS, name);
	}

	private static Entry find(Map<String, Entry> entries, String prefix, String name) {
		Entry entry = entries.get(name);
		Assert.state(entry != null, () -> "'%s' is not configured with a path under %s; there are: %s".formatted(name,
				prefix, new TreeSet<>(entries.keySet())));
		return entry;
	}

	private static Map<String, Entry> move(Environment environment, String prefix, Paths paths,
			Map<String, Object> properties) {
		Map<String, Entry> entries = new LinkedHashMap<>();
		Binder.get(environment)
			.bind(prefix, Bindable.mapOf(String.class, Entry.class))
			.orElse(Map.of())
			.forEach((name, entry) -> {
				if (entry.path() != null) {
					String path = paths.inTest(entry.path());
					properties.put("%s[%s].path".formatted(prefix, name), path);
					entries.put(name, new Entry(path, entry.type(), entry.format()));
				}
			});
		return entries;
	}

	/**
	 * What a client or server of a socket has to know.
	 *
	 * @param path the path
	 * @param type the type
	 * @param format the format of the messages
	 */
	record Entry(@Nullable String path, @DefaultValue("stream") SocketType type, @DefaultValue("frame") Format format) {

		Path requiredPath() {
			return Path.of(Objects.requireNonNull(this.path));
		}

	}

	/**
	 * One path in the test for each path of the configuration.
	 */
	private static final class Paths {

		private final String configured;

		private final Path directory;

		private final Map<String, String> moved = new HashMap<>();

		Paths(String configured, Path directory) {
			this.configured = configured;
			this.directory = directory;
		}

		String inTest(String path) {
			boolean isAbstract = path.startsWith("@");
			String key = isAbstract ? path
					: Path.of(this.configured).resolve(path).toAbsolutePath().normalize().toString();
			return this.moved.computeIfAbsent(key,
					(original) -> (isAbstract ? "@" : "") + this.directory.resolve(fileName(original)));
		}

		private String fileName(String path) {
			String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9.-]", "_");
			return this.moved.size() + "-" + name.substring(Math.max(0, name.length() - LONGEST_NAME));
		}

	}

}
