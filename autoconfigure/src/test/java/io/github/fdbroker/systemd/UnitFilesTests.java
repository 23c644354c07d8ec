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

package io.github.fdbroker.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * systemd accepts the unit files of the reference page.
 */
class UnitFilesTests {

	private static final Pattern UNIT = Pattern.compile("`(worker\\.\\w+)`:\n\n```ini\n(.*?)```", Pattern.DOTALL);

	@TempDir
	Path directory;

	@Test
	void unitsWhenVerifiedHaveNoErrors() throws IOException {
		Peers.require("systemd-analyze");
		Matcher units = UNIT.matcher(Files.readString(Path.of("src/docs/systemd.md")));
		int count = 0;
		while (units.find()) {
			String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
			Files.writeString(this.directory.resolve(units.group(1)), units.group(2).replace("/usr/bin/java", java));
			count++;
		}
		assertThat(count).isEqualTo(2);
		Peers.Result result = Peers.run(List.of("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
				this.directory.resolve("worker.socket").toString(),
				this.directory.resolve("worker.service").toString()));
		assertThat(result.output()).isEmpty();
		assertThat(result.exitCode()).isZero();
	}

}
