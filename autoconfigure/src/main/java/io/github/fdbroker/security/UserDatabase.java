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

package io.github.fdbroker.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import io.github.fdbroker.FdConfigurationException;

/**
 * Finds the numeric ids of users and groups in passwd(5) and group(5), or, if they are
 * not listed there, by getent(1), which also queries directory services.
 */
public final class UserDatabase {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int ID_COLUMN = 2;

	private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

	/** The id that means "unchanged" to system calls (chown(2)). */
	private static final long NO_ID = 0xffffffffL;

	private final Path directory;

	private final String getent;

	private final Duration timeout;

	/**
	 * Create a database.
	 */
	public UserDatabase() {
		this(Path.of("/etc"), "getent", TIMEOUT);
	}

	/**
	 * Create a database.
	 * @param directory the directory of the files
	 * @param getent the command that queries directory services
	 * @param timeout how long the command may take
	 */
	UserDatabase(Path directory, String getent, Duration timeout) {
		this.directory = directory;
		this.getent = getent;
		this.timeout = timeout;
	}

	/**
	 * Return the id of a user.
	 * @param property the property that names it
	 * @param user the name, or the number itself
	 * @return the id
	 * @throws FdConfigurationException if there is no such user, or getent(1) does not
	 * answer
	 */
	public long uid(String property, String user) {
		return id(property, "passwd", "user", user);
	}

	/**
	 * Return the id of a group.
	 * @param property the property that names it
	 * @param group the name, or the number itself
	 * @return the id
	 * @throws FdConfigurationException if there is no such group, or getent(1) does not
	 * answer
	 */
	public long gid(String property, String group) {
		return id(property, "group", "group", group);
	}

	/**
	 * Return the name of a user.
	 * @param uid the id of the user
	 * @return the name, or empty if there is none, or getent(1) does not answer
	 */
	public Optional<String> user(long uid) {
		return name("passwd", uid);
	}

	/**
	 * Return the name of a group.
	 * @param gid the id of the group
	 * @return the name, or empty if there is none, or getent(1) does not answer
	 */
	public Optional<String> group(long gid) {
		return name("group", gid);
	}

	private Optional<String> name(String database, long id) {
		Optional<String> local = findName(readFile(this.directory.resolve(database)), id);
		if (local.isPresent()) {
			return local;
		}
		try {
			return findName(getent(database, String.valueOf(id)), id);
		}
		catch (TimeoutException ex) {
			return Optional.empty();
		}
	}

	private static Optional<String> findName(List<String> lines, long id) {
		return lines.stream()
			.map((line) -> line.split(":", -1))
			.filter((columns) -> columns.length > ID_COLUMN && columns[ID_COLUMN].equals(String.valueOf(id)))
			.map((columns) -> columns[0])
			.findFirst();
	}

	private static FdConfigurationException unknown(String property, String kind, String name) {
		return new FdConfigurationException("%s names the unknown %s '%s'".formatted(property, kind, name),
				"Correct the name, or use a number");
	}

	private long id(String property, String database, String kind, String name) {
		try {
			return id(database, name).orElseThrow(() -> unknown(property, kind, name));
		}
		catch (TimeoutException ex) {
			throw new FdConfigurationException(
					"%s names the %s '%s', which is not in %s, and getent(1) did not answer within %d ms"
						.formatted(property, kind, name, this.directory.resolve(database), this.timeout.toMillis()),
					"Use a number, or check the directory services in /etc/nsswitch.conf");
		}
	}

	private OptionalLong id(String database, String name) throws TimeoutException {
		if (NUMBER.matcher(name).matches() && Long.parseLong(name) < NO_ID) {
			return OptionalLong.of(Long.parseLong(name));
		}
		OptionalLong local = find(readFile(this.directory.resolve(database)), name);
		return local.isPresent() ? local : find(getent(database, name), name);
	}

	private static OptionalLong find(List<String> lines, String name) {
		return lines.stream()
			.map((line) -> line.split(":", -1))
			.filter((columns) -> columns.length > ID_COLUMN && columns[0].equals(name))
			.filter((columns) -> NUMBER.matcher(columns[ID_COLUMN]).matches())
			.mapToLong((columns) -> Long.parseLong(columns[ID_COLUMN]))
			.findFirst();
	}

	private static List<String> readFile(Path file) {
		try {
			return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Return what getent(1) prints. It may wait for a directory service that does not
	 * answer.
	 * @throws TimeoutException if it does not end in time
	 */
	private List<String> getent(String database, String key) throws TimeoutException {
		try {
			Process process = new ProcessBuilder(this.getent, "--", database, key)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			try {
				return output(process);
			}
			finally {
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Another thread reads, because a read cannot be ended.
	 */
	private List<String> output(Process process) throws IOException, TimeoutException {
		process.getOutputStream().close();
		FutureTask<List<String>> output = new FutureTask<>(() -> {
			try (BufferedReader reader = process.inputReader()) {
				return reader.lines().toList();
			}
		});
		Thread thread = new Thread(output, "fd-getent");
		thread.setDaemon(true);
		thread.start();
		try {
			return output.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			return List.of();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return List.of();
		}
	}

}
