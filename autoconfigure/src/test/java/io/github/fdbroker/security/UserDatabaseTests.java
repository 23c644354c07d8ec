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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link UserDatabase}.
 */
class UserDatabaseTests {

	@TempDir
	Path directory;

	private UserDatabase database;

	@BeforeEach
	void writeFiles() throws IOException {
		Files.writeString(this.directory.resolve("passwd"), """
				# a comment: of:three:colons

				+::::::
				J\u00fcrgen:x:1000:100:J:/:/bin/sh
				fdbroker:x:4294967294:4294967293::/:
				short:x
				""", StandardCharsets.ISO_8859_1);
		Files.writeString(this.directory.resolve("group"), "fdbroker:x:4294967293:\nstaff:x:50:a,b\n");
		this.database = database(this.directory, "getent");
	}

	@Test
	void idWhenInFileComesFromThere() {
		assertThat(this.database.uid("property", "fdbroker")).isEqualTo(4294967294L);
		assertThat(this.database.gid("property", "fdbroker")).isEqualTo(4294967293L);
		assertThat(this.database.gid("property", "staff")).isEqualTo(50);
	}

	@Test
	void idWhenNumberIsThatNumber() {
		assertThat(this.database.uid("property", "0")).isZero();
		assertThat(this.database.uid("property", "1234")).isEqualTo(1234);
		assertThat(this.database.gid("property", "4294967294")).isEqualTo(4294967294L);
	}

	@Test
	void idWhenNotInFileComesFromGetent() {
		Peers.require("getent");
		assertThat(this.database.uid("property", "root")).isZero();
		assertThat(this.database.gid("property", "root")).isZero();
	}

	@Test
	void idWhenNoFilesComesFromGetent() {
		Peers.require("getent");
		assertThat(database(this.directory.resolve("missing"), "getent").uid("property", "root")).isZero();
	}

	@Test
	void idWhenGetentHangsThrows() throws IOException {
		UserDatabase hanging = hanging();
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> hanging.gid("property", "remote"))
			.withMessage(
					"property names the group 'remote', which is not in %s, and getent(1) did not answer within 50 ms"
						.formatted(this.directory.resolve("group")));
	}

	@Test
	void namesWhenGetentHangsAreThoseOfFilesAndItIsNotAskedAgain() throws IOException {
		UserDatabase.Names names = hanging().names(4711, List.of(50L, 4712L, 4713L));
		assertThat(names.user()).isNull();
		assertThat(names.groups()).containsExactly(Map.entry(50L, "staff"));
		assertThat(this.directory.resolve("group-asked")).doesNotExist();
		assertThat(hanging().names(1000, List.of())).isEqualTo(new UserDatabase.Names("J\u00fcrgen", Map.of()));
	}

	@Test
	void namesWhenNotInFilesComeFromGetentAtOnce() throws IOException {
		Peers.require("getent");
		UserDatabase.Names names = database(this.directory.resolve("missing"), "getent").names(0, List.of(0L, 1L));
		assertThat(names.user()).isEqualTo("root");
		assertThat(names.groups()).containsOnlyKeys(0L, 1L).containsEntry(0L, "root");
	}

	@ParameterizedTest
	@ValueSource(strings = { "no such user", "short", "+", "", "-1", "--help", "4294967295", "99999999999999999999",
			"\u0661\u0662" })
	void idWhenUnknownThrows(String name) {
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> this.database.uid("property", name))
			.withMessage("property names the unknown user '" + name + "'");
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> this.database.gid("property", name))
			.withMessage("property names the unknown group '" + name + "'");
	}

	private UserDatabase hanging() throws IOException {
		Path getent = Files.writeString(this.directory.resolve("getent"),
				"#!/bin/sh\n: > \"${0%/*}/$2-asked\"\nexec sleep 600\n");
		Files.setPosixFilePermissions(getent, PosixFilePermissions.fromString("rwx------"));
		return new UserDatabase(this.directory, getent.toString(), Duration.ofMillis(50));
	}

	private static UserDatabase database(Path directory, String getent) {
		return new UserDatabase(directory, getent, Duration.ofSeconds(60));
	}

}
