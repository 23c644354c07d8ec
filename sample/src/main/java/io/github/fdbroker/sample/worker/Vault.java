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

package io.github.fdbroker.sample.worker;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

import io.github.fdbroker.annotation.FdListener;

/**
 * Keeps a file that only this user can open, and sends it, open for reading, to clients
 * that know the password.
 */
@Component
class Vault implements DisposableBean {

	private final byte[] password;

	private final Path file;

	Vault(@Value("${sample.password}") String password) throws IOException {
		this.password = password.getBytes(StandardCharsets.UTF_8);
		// Temporary files have mode 0600.
		this.file = Files.createTempFile("vault", ".txt");
		Files.writeString(this.file, "the treasure lies under the old oak");
	}

	/**
	 * Reply to the password with the open file. An exception closes the connection.
	 */
	@FdListener("vault")
	FileInputStream open(byte[] password) throws IOException {
		if (!MessageDigest.isEqual(password, this.password)) {
			throw new IllegalArgumentException("The password is wrong");
		}
		return new FileInputStream(this.file.toFile());
	}

	@Override
	public void destroy() throws IOException {
		Files.deleteIfExists(this.file);
	}

}
