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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;

/**
 * Finds the numeric ids of users and groups, and their names, in passwd(5) and group(5),
 * or, if they are not listed there, by getent(1), which also queries directory services.
 */
public final class UserDatabase {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int ID_COLUMN = 2;

	private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");

	/** The id that means "unchanged" to system calls (chown(2)). */
	private static final long NO_ID = 0xffffffffL;

	private final Path directory;

	private final Getent getent;

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
	public UserDatabase(Path directory, String getent, Duration timeout) {
		this.directory = directory;
		this.getent = new Getent(getent);
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
	 * Return the names of a user and of groups. All questions to getent(1) together take
	 * no longer than its time limit.
	 * @param uid the id of the user
	 * @param gids the ids of the groups
	 * @return the names of those that have one and that getent(1) tells in time
	 */
	public Names names(long uid, Collection<Long> gids) {
		long start = System.nanoTime();
		Map<Long, String> users = names("passwd", List.of(uid), this.timeout);
		Duration left = this.timeout.minusNanos(System.nanoTime() - start);
		return new Names(users.get(uid), names("group", gids, left));
	}

	private Map<Long, String> names(String database, Collection<Long> ids, Duration left) {
		Map<Long, String> names = new HashMap<>(findNames(readFile(this.directory.resolve(database))));
		names.keySet().retainAll(ids);
		List<String> missing = ids.stream().filter((id) -> !names.containsKey(id)).map(String::valueOf).toList();
		if (!missing.isEmpty() && left.compareTo(Duration.ZERO) > 0) {
			try {
				names.putAll(findNames(this.getent.find(database, missing, left)));
			}
			catch (TimeoutException ex) {
				// They stay unknown.
			}
		}
		return names;
	}

	private static Map<Long, String> findNames(List<String> lines) {
		return lines.stream()
			.map((line) -> line.split(":", -1))
			.filter(UserDatabase::hasId)
			.collect(Collectors.toMap((columns) -> Long.valueOf(columns[ID_COLUMN]), (columns) -> columns[0],
					(first, second) -> first));
	}

	private static boolean hasId(String[] columns) {
		return columns.length > ID_COLUMN && NUMBER.matcher(columns[ID_COLUMN]).matches();
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
		return local.isPresent() ? local : find(this.getent.find(database, List.of(name), this.timeout), name);
	}

	private static OptionalLong find(List<String> lines, String name) {
		return lines.stream()
			.map((line) -> line.split(":", -1))
			.filter((columns) -> hasId(columns) && columns[0].equals(name))
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
	 * The names of a user and of groups.
	 *
	 * @param user the name of the user, or {@code null} if it is not known
	 * @param groups the names of the groups that are known
	 */
	public record Names(@Nullable String user, Map<Long, String> groups) {
	}

}
