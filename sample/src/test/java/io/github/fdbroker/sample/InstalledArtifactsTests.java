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

package io.github.fdbroker.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import io.github.fdbroker.sample.front.Commands;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jars as they are installed, used by an application that Maven builds from its
 * {@code pom.xml} alone. It uses each part of the library once. Runs once the jars are
 * built.
 */
@Tag("jar")
class InstalledArtifactsTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	/** Where everything else is that Maven has downloaded. */
	private static final Path DOWNLOADED = Path
		.of(System.getProperty("localRepository", System.getProperty("user.home") + "/.m2/repository"));

	private static final String GROUP = "io/github/fdbroker";

	private static final String VERSION = "0.1.0-SNAPSHOT";

	/** Options of processes that do not run long enough for more. */
	private static final String BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

	@TempDir
	Path directory;

	/**
	 * The links point to what is not to be deleted.
	 */
	@AfterEach
	void unlink() throws Exception {
		Commands.run("find '" + this.directory + "' -type l -delete");
	}

	@Test
	void applicationWhenBuiltByMavenPassesItsTests() throws Exception {
		Commands.require("mvn");
		Commands.require("setpriv");
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
				"only root can act as another user");
		Path repository = Files.createDirectory(this.directory.resolve("repository"));
		linkDownloaded(repository, DOWNLOADED, Path.of(GROUP));
		install(repository, "fdbroker-parent", ROOT);
		for (String module : List.of("autoconfigure", "web", "starter")) {
			install(repository, "fdbroker-spring-boot-" + module, ROOT.resolve(module));
		}
		Path application = this.directory.resolve("application");
		FileSystemUtils.copyRecursively(ROOT.resolve("autoconfigure/src/test/outside"), application);
		Commands.Result build = build(application, repository);
		Assumptions.assumeFalse(build.output().contains("offline mode"),
				() -> "Maven has not downloaded all that the application needs: " + build.output());
		assertThat(build.output()).contains("Tests run: 13, Failures: 0, Errors: 0, Skipped: 0", "BUILD SUCCESS");
	}

	@Test
	void jarsWhenInstalledHaveWhatIdesShow() throws IOException {
		Path target = ROOT.resolve("autoconfigure/target");
		String name = "fdbroker-spring-boot-autoconfigure-" + VERSION;
		try (JarFile classes = new JarFile(existing(target.resolve(name + ".jar")));
				JarFile sources = new JarFile(existing(target.resolve(name + "-sources.jar")))) {
			JsonNode metadata = JsonMapper.shared()
				.readTree(classes.getInputStream(classes.getEntry("META-INF/spring-configuration-metadata.json")));
			assertThat(names(metadata.path("properties"))).contains("fdbroker.sockets.*.path",
					"fdbroker.sockets.*.allow.users", "fdbroker.peers.*.required", "fdbroker.children.*.format");
			assertThat(names(metadata.path("hints"))).contains("fdbroker.sockets.*.path", "fdbroker.sockets.*.type",
					"fdbroker.sockets.*.format", "fdbroker.sockets.*.mode", "fdbroker.peers.*.path",
					"fdbroker.peers.*.type", "fdbroker.peers.*.format", "fdbroker.children.*.format");
			assertThat(sources.stream()).extracting(JarEntry::getName)
				.contains("io/github/fdbroker/autoconfigure/FdBrokerProperties.java",
						"io/github/fdbroker/annotation/FdListener.java");
		}
	}

	private static File existing(Path jar) {
		Assumptions.assumeTrue(Files.exists(jar), () -> jar + " is not built");
		return jar.toFile();
	}

	private static List<String> names(JsonNode array) {
		return array.valueStream().map((node) -> node.path("name").asString()).toList();
	}

	/**
	 * Link all but what this project installs.
	 */
	private static void linkDownloaded(Path target, Path source, Path except) throws IOException {
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(source)) {
			for (Path entry : entries) {
				Path copy = target.resolve(entry.getFileName());
				if (!entry.getFileName().equals(except.getName(0))) {
					Files.createSymbolicLink(copy, entry);
				}
				else if (except.getNameCount() > 1) {
					linkDownloaded(Files.createDirectory(copy), entry, except.subpath(1, except.getNameCount()));
				}
			}
		}
	}

	private static void install(Path repository, String artifact, Path module) throws IOException {
		Path target = Files.createDirectories(repository.resolve(GROUP).resolve(artifact).resolve(VERSION));
		String name = artifact + "-" + VERSION;
		Files.copy(module.resolve("pom.xml"), target.resolve(name + ".pom"));
		if (!module.equals(ROOT)) {
			Path jar = existing(module.resolve("target").resolve(name + ".jar")).toPath();
			Files.copy(jar, target.resolve(jar.getFileName()));
		}
	}

	private static Commands.Result build(Path application, Path repository) throws Exception {
		return Commands.run(List.of("env", "-C", application.toString(), "-u", "XDG_RUNTIME_DIR",
				"JAVA_HOME=" + System.getProperty("java.home"), "MAVEN_OPTS=" + BRIEF, "mvn", "-B", "-o",
				"-Dmaven.repo.local=" + repository, "-DargLine=" + options(), "test"), new File("/dev/null"));
	}

	private static String options() {
		String options = BRIEF + " -XX:+EnableDynamicAgentLoading --add-opens=java.base/sun.nio.ch=ALL-UNNAMED "
				+ "--add-opens=java.base/java.net=ALL-UNNAMED";
		return (Runtime.version().feature() < 22) ? options : options + " --enable-native-access=ALL-UNNAMED";
	}

}
