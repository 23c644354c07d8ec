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

package io.github.fdbroker.hold;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that share a server, and compare its descriptors with those before each test.
 */
abstract class SharedServer {

	@TempDir
	static Path directory;

	static HeldServer server;

	Map<Integer, String> before;

	@BeforeAll
	static void start() {
		server = HeldServer.start(directory);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
			server = null;
		}
	}

	@BeforeEach
	void count() {
		this.before = server.descriptors();
	}

}
