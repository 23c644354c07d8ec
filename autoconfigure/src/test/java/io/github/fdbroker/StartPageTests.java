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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.OutsideApplication;
import io.github.fdbroker.testsupport.PageBlocks;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The two applications of the first page do what it says, with the options of the JVM
 * from the page on transports and without a warning.
 */
class StartPageTests {

	@TempDir
	Path directory;

	@Test
	void applicationsWhenCopiedPassDescriptor() throws IOException {
		PageBlocks page = PageBlocks.read(Path.of("src/docs/start.md"));
		page.writeFiles(this.directory);
		Files.copy(this.directory.resolve("lender/pom.xml"), this.directory.resolve("reader/pom.xml"));
		String printed = page.in("text").get(0);
		Files.writeString(this.directory.resolve("lender/notes.txt"), printed);
		OutsideApplication lender = new OutsideApplication(this.directory.resolve("lender"));
		OutsideApplication reader = new OutsideApplication(this.directory.resolve("reader"));
		try (PeerProcess lending = start(lender, "demo.Lender")) {
			assertThat(lending.awaitLine("Socket 'desk'")).contains("is served by Lender.lend");
			try (PeerProcess reading = start(reader, "demo.Reader", "notes")) {
				assertThat(reading.readAll()).contains("\n" + printed.strip()).doesNotContain("WARNING");
			}
			try (PeerProcess reading = start(reader, "demo.Reader", "secrets")) {
				reading.awaitLine("there is nothing called secrets");
			}
			assertThat(lending.awaitLine("lending")).startsWith("lending the notes to uid ");
		}
	}

	private PeerProcess start(OutsideApplication application, String main, String... arguments) throws IOException {
		List<String> options = JvmOptionsTests.options();
		return application.start(temporary(options), main, arguments);
	}

	/**
	 * Both applications have to find the same directory.
	 */
	private List<String> temporary(List<String> options) {
		List<String> all = new ArrayList<>(options);
		all.add("-Djava.io.tmpdir=" + this.directory);
		return all;
	}

}
