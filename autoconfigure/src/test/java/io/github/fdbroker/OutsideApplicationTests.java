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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.OutsideApplication;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestRun;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was written from the pages alone, and is compiled and run outside
 * the tree, uses each part of the library once. {@link StartPageTests} has one without
 * the optional libraries.
 */
class OutsideApplicationTests {

	@TempDir
	Path directory;

	@Test
	void applicationWhenOutsideTheTreeUsesEachPart() throws IOException {
		OtherUser.assumeAvailable();
		FileSystemUtils.copyRecursively(Path.of("src/test/outside"), this.directory);
		OutsideApplication application = new OutsideApplication(this.directory);
		List<String> options = new ArrayList<>(JvmOptionsTests.options());
		options.add("-XX:+EnableDynamicAgentLoading");
		Peers.Result result = Peers
			.run(application.command(options, TestRun.class.getName(), "demo.OutsideTests", "demo.OperatedTests"));
		assertThat(result.output()).contains("13 tests succeeded");
		assertThat(result.exitCode()).isZero();
	}

}
