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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.springframework.util.FileSystemUtils;

/**
 * An application outside the tree of this project, with the layout of Maven: compiled
 * against and run with only what the dependencies in its {@code pom.xml} bring.
 */
public final class OutsideApplication {

	private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]*starter[^<]*)</artifactId>");

	/**
	 * The names of what each starter brings, as far as the class path of the tests has
	 * it.
	 */
	private static final Map<String, String> JARS = Map.of("fdbroker-spring-boot-starter",
			"classes|spring-boot-4.*|spring-boot-autoconfigure-4.*|spring-boot-starter-(logging-)?4.*"
					+ "|spring-(context|aop|expression|messaging|beans|core)-7.*|commons-logging.*|junixsocket-.*|jspecify.*"
					+ "|logback-.*|slf4j-.*|log4j-.*|jul-to-.*|jakarta.annotation.*|snakeyaml.*"
					+ "|micrometer-(commons|observation)-.*|jna-.*",
			"spring-boot-starter-jackson", "jackson-.*|spring-boot-jackson-.*", "spring-boot-starter-validation",
			"hibernate-validator.*|jboss-logging.*|classmate.*|jakarta.validation.*|tomcat-embed-el.*|spring-boot-validation.*",
			"spring-boot-starter-actuator",
			"spring-boot-(actuator|health|micrometer).*|micrometer-core.*|HdrHistogram.*|jackson-.*|spring-boot-jackson-.*",
			"spring-boot-starter-security", "spring-security-.*", "spring-boot-starter-test",
			"spring-boot-test.*|spring-test.*|assertj.*|junit-.*|mockito.*|byte-buddy.*|objenesis.*|opentest4j.*"
					+ "|apiguardian.*|awaitility.*|hamcrest.*|test-classes");

	private final Path directory;

	private final Path classes;

	private final String classPath;

	/**
	 * Compile the application in a directory: its {@code src/main} and {@code src/test}.
	 */
	public OutsideApplication(Path directory) throws IOException {
		this.directory = directory;
		this.classes = Files.createDirectories(directory.resolve("target/outside"));
		this.classPath = classPath(Files.readString(directory.resolve("pom.xml")));
		for (String resources : List.of("src/main/resources", "src/test/resources")) {
			if (Files.exists(directory.resolve(resources))) {
				FileSystemUtils.copyRecursively(directory.resolve(resources), this.classes);
			}
		}
		compile();
	}

	private static String classPath(String pom) {
		Matcher artifacts = ARTIFACT.matcher(pom);
		String names = artifacts.results()
			.map((result) -> JARS.getOrDefault(result.group(1), ""))
			.filter((jars) -> !jars.isEmpty())
			.collect(Collectors.joining("|"));
		return Stream.of(System.getProperty("java.class.path").split(":"))
			.filter((entry) -> Path.of(entry).getFileName().toString().matches(names))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(":"));
	}

	private void compile() throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter messages = new StringWriter();
		List<String> options = List.of("-parameters", "-proc:none", "-d", this.classes.toString(), "-classpath",
				this.classPath);
		try (Stream<Path> sources = Files.find(this.directory.resolve("src"), 20,
				(path, status) -> path.toString().endsWith(".java"));
				StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			if (!compiler
				.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources.toList()))
				.call()) {
				throw new AssertionError(messages.toString());
			}
		}
	}

	/**
	 * Return the command that starts a class, in the directory of the application and
	 * without a directory of the session.
	 */
	public List<String> command(List<String> options, String main, String... arguments) {
		List<String> command = new ArrayList<>(List.of("env", "-u", "XDG_RUNTIME_DIR", "-C", this.directory.toString(),
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + this.directory));
		command.addAll(options);
		command.addAll(List.of("-cp", this.classes + ":" + this.classPath, main));
		command.addAll(List.of(arguments));
		return command;
	}

	/**
	 * Start a class.
	 */
	public PeerProcess start(List<String> options, String main, String... arguments) {
		return PeerProcess.start(command(options, main, arguments));
	}

}
