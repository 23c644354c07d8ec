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

package io.github.fdbroker.sample.front;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

import io.github.fdbroker.FdBroker;

/**
 * Reads the vault's file as soon as the worker is ready, and prints what to try next.
 */
@Component
class Welcome implements ApplicationRunner {

	private final FdBroker broker;

	private final DateTimeServer server;

	private final String password;

	private final Path vault;

	private final int management;

	Welcome(FdBroker broker, DateTimeServer server, @Value("${sample.password}") String password,
			@Value("${fdbroker.directory}/${fdbroker.peers.vault.path}") Path vault,
			@Value("${sample.management-port}") int management) {
		this.broker = broker;
		this.server = server;
		this.password = password;
		this.vault = vault.toAbsolutePath();
		this.management = management;
	}

	@Override
	public void run(ApplicationArguments arguments) throws IOException {
		System.out.printf("""

				Process %d got a descriptor from the vault, and read: %s

				Try this; the reply comes from another process than the one that listens on the port:
				  curl http://localhost:%d/

				and this, which reads a file that it cannot know:
				  python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("%s"); \
				s.send(b"%s"); print(open(socket.recv_fds(s, 1, 1)[1][0]).read())'

				and these, which show what the worker counts, what it has open, and how it is:
				  curl http://localhost:%d/actuator/metrics/fdbroker.socket.messages
				  curl http://localhost:%6$d/actuator/fdbroker
				  curl http://localhost:%6$d/actuator/health/fdbroker

				""", ProcessHandle.current().pid(), secret(), this.server.port(), this.vault, this.password,
				this.management);
	}

	private String secret() throws IOException {
		try (FileInputStream file = this.broker.to("vault")
			.payload(this.password)
			.requestDescriptor(FileInputStream.class)) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
