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

package io.github.fdbroker.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;

/**
 * An application with one socket and one listener, whose start is measured in processes
 * of its own: from the start of the process until the context is there.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class Startup {

	public static void main(String[] args) {
		new SpringApplicationBuilder(Startup.class).bannerMode(Banner.Mode.OFF).run(args);
		System.out.println("started");
	}

	/**
	 * Return the milliseconds of a start with all that there is.
	 */
	static double with(Path directory) throws IOException {
		return start("--fdbroker.sockets.startup.path=" + directory.resolve("startup"));
	}

	/**
	 * Return the milliseconds of a start of the same application without fdbroker.
	 */
	static double without() throws IOException {
		return start("--spring.autoconfigure.exclude=" + FdBrokerAutoConfiguration.class.getName(),
				"--spring.main.keep-alive=true");
	}

	private static double start(String... arguments) throws IOException {
		List<String> command = Contenders.java(Startup.class);
		command.add("--logging.level.root=warn");
		command.addAll(List.of(arguments));
		long start = System.nanoTime();
		try (PeerProcess process = PeerProcess.start(command)) {
			process.readLine();
			return (System.nanoTime() - start) / 1e6;
		}
	}

	@Bean
	Listener listener() {
		return new Listener();
	}

	/**
	 * The listener.
	 */
	static class Listener {

		@FdListener("startup")
		void handle(OwnedFd descriptor) {
		}

	}

}
