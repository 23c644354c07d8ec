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

package io.github.fdbroker.web;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The classes of the tests, with an archive for class data sharing, from which processes
 * start several times as fast. The archive needs a class path of jars only, so this is
 * also a copy that does not change when the classes are compiled anew.
 */
final class SharedClasses {

	private static final int REQUESTS = 20;

	private final WebServerKind server;

	private final String classPath;

	private final Path archive;

	private SharedClasses(WebServerKind server, String classPath, Path archive) {
		this.server = server;
		this.classPath = classPath;
		this.archive = archive;
	}

	/**
	 * Make the archive of a server.
	 */
	static SharedClasses create(WebServerKind server, Path directory) throws IOException, InterruptedException {
		SharedClasses classes = new SharedClasses(server, jars(Files.createDirectory(directory.resolve("classes"))),
				directory.resolve("classes.jsa"));
		classes.record();
		return classes;
	}

	private static String jars(Path directory) {
		List<String> jars = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			if (Files.isDirectory(Path.of(entry))) {
				jars.add(jar(entry, directory.resolve(jars.size() + ".jar").toString()));
			}
			else if (entry.endsWith(".jar")) {
				jars.add(entry);
			}
		}
		return String.join(File.pathSeparator, jars);
	}

	private static String jar(String classes, String file) {
		int code = ToolProvider.findFirst("jar")
			.orElseThrow()
			.run(System.out, System.err, "--create", "--no-manifest", "--file", file, "-C", classes, ".");
		if (code != 0) {
			throw new IllegalStateException("jar ended with " + code);
		}
		return file;
	}

	/**
	 * Run the server once. When it ends, it writes the classes that it has loaded.
	 */
	private void record() throws IOException, InterruptedException {
		int port = Measurement.freePort();
		try (ServerProcess process = ServerProcess
			.startAndAwait(commandWith("-XX:ArchiveClassesAtExit=", "--server.port=" + port))) {
			for (int i = 0; i < REQUESTS; i++) {
				URI.create("http://localhost:" + port).toURL().openStream().close();
			}
			process.terminate();
			process.awaitExit();
		}
	}

	/**
	 * Return the command that runs {@link PidApplication} with these classes.
	 */
	List<String> command(String... arguments) {
		return commandWith("-XX:SharedArchiveFile=", arguments);
	}

	private List<String> commandWith(String option, String... arguments) {
		return this.server.command(this.classPath, List.of(option + this.archive, "-XX:+UseSerialGC"), arguments);
	}

}
