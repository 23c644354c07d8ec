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

package io.github.fdbroker.sample.page;

import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "sample.page-port=0")
@ActiveProfiles("page")
class PageTests {

	@TempDir
	Path directory;

	@LocalServerPort
	int port;

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void pageShowsProcessThatAnswers(String colorScheme) throws Exception {
		try (Browser browser = Browser.start(this.directory)) {
			browser.prefer(colorScheme);
			browser.open("http://localhost:" + this.port + "/");
			Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> number(browser, "requests") > 1000);
			browser.screenshot(Path.of("target/page-" + colorScheme + ".png"));
			assertThat(number(browser, "failed")).isZero();
			assertThat(text(browser, "pid")).isEqualTo("Process " + ProcessHandle.current().pid());
		}
	}

	private static int number(Browser browser, String id) throws Exception {
		return Integer.parseInt(text(browser, id).replace(",", ""));
	}

	private static String text(Browser browser, String id) throws Exception {
		return browser.run("return document.getElementById('" + id + "').textContent").asString();
	}

}
