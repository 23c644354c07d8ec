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

package io.github.fdbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.testsupport.PageBlocks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The options of the JVM are the same wherever they are named.
 */
class JvmOptionsTests {

	private static final Path PAGE = Path.of("src/docs/transports.md");

	private static final Pattern FLAG = Pattern.compile("--add-opens=java\\.base/([\\w.]+)=ALL-UNNAMED");

	private static final Pattern MANIFEST = Pattern.compile("Add-Opens(?:: |>)((?:java\\.base/[\\w.]+ ?)+)");

	private static final Set<String> PACKAGES = Set.of("sun.nio.ch", "java.net");

	/**
	 * Return the options of the page on transports.
	 */
	static List<String> options() throws IOException {
		String line = PageBlocks.read(PAGE)
			.in("")
			.stream()
			.filter((block) -> block.startsWith("--add-opens"))
			.findFirst()
			.get();
		return List.of(line.strip().split(" "));
	}

	@Test
	void optionsWhenNamedAnywhereAreTheSame() throws IOException {
		try (Stream<Path> pages = Files.list(Path.of("src/docs"))) {
			Stream<Path> files = Stream.concat(pages,
					Stream.of(Path.of("../README.md"), Path.of("../web/src/docs/web.md"), Path.of("../pom.xml"),
							Path.of("../sample/pom.xml"),
							Path.of("src/main/java/io/github/fdbroker/convert/JdkChannels.java")));
			assertThat(files.toList()).allSatisfy((file) -> {
				String text = Files.readString(file);
				assertThat(groups(FLAG, text)).isIn(Set.of(), PACKAGES);
				MANIFEST.matcher(text)
					.results()
					.forEach((result) -> assertThat(result.group(1).replace("java.base/", "").strip().split(" "))
						.containsExactlyInAnyOrderElementsOf(PACKAGES));
			});
		}
	}

	@Test
	void snippetWhenReadHasEachRunMode() throws IOException {
		String snippet = PageBlocks.read(PAGE).in("xml").get(0);
		assertThat(snippet).contains(String.join(" ", options()))
			.contains("<Add-Opens>java.base/sun.nio.ch java.base/java.net</Add-Opens>")
			.contains("<Enable-Native-Access>ALL-UNNAMED</Enable-Native-Access>")
			.contains("<argLine>${fdbroker.options}</argLine>")
			.contains("<jvmArguments>${fdbroker.options}</jvmArguments>");
	}

	private static Set<String> groups(Pattern pattern, String text) {
		return pattern.matcher(text)
			.results()
			.map((MatchResult result) -> result.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
