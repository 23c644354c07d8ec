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

package io.github.fdbroker.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.testsupport.OutsideApplication;
import io.github.fdbroker.testsupport.PageBlocks;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestRun;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tests on the page about testing succeed, in an application of its own.
 */
class TestingPageTests {

	@TempDir
	Path directory;

	@Test
	void testsOnPageWhenRunSucceed() throws IOException {
		PageBlocks page = PageBlocks.read(Path.of("src/docs/testing.md"));
		page.writeFiles(this.directory);
		Files.writeString(this.directory.resolve("pom.xml"),
				page.in("xml").get(0) + "<artifactId>fdbroker-spring-boot-starter</artifactId>");
		OutsideApplication application = new OutsideApplication(this.directory);
		Peers.Result result = Peers.run(application.command(List.of("-XX:+EnableDynamicAgentLoading"),
				TestRun.class.getName(), "demo.DeskTests", "demo.DeskUnitTests"));
		assertThat(result.output()).contains("tests succeeded");
		assertThat(result.exitCode()).isZero();
	}

}
