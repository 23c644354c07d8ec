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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a browser. The pictures that it leaves in {@code target} are worth a look.
 */
class PageTests {

	private static final int TAKE_OVERS = 3;

	private static final Duration LIMIT = Duration.ofMinutes(2);

	/** The contrast that the W3C requires of text, at least (WCAG 2, level AA). */
	private static final double READABLE = 4.5;

	@TempDir
	Path directory;

	@Test
	void takeOversWhenButtonIsPressedFailNoRequestAndPageIsReadableInBothColorSchemes() throws Exception {
		try (Browser browser = Browser.start(this.directory.resolve("browser"));
				PageProcess page = PageProcess.start(this.directory)) {
			browser.prefer("light");
			browser.open(page.address());
			for (int i = 1; i <= TAKE_OVERS; i++) {
				awaitProcesses(browser, page, i);
				browser.run("document.getElementById('takeover').click()");
				awaitProcesses(browser, page, i + 1);
			}
			for (String colorScheme : List.of("light", "dark")) {
				browser.prefer(colorScheme);
				browser.screenshot(Path.of("target/page-" + colorScheme + ".png"));
				assertThat(contrast(browser)).as(colorScheme).isGreaterThan(READABLE);
			}
			assertThat(luminance(browser, "backgroundColor")).as("dark").isLessThan(0.1);
			assertThat(number(browser, "failed")).describedAs(page.output()).isZero();
			assertThat(text(browser, "pid")).isEqualTo("Process " + pids(browser).get(0).asString());
		}
	}

	/**
	 * Return the contrast of a text to what it is written on, as the W3C defines it.
	 */
	private static double contrast(Browser browser) throws IOException, InterruptedException {
		double text = luminance(browser, "color");
		double background = luminance(browser, "backgroundColor");
		return (Math.max(text, background) + 0.05) / (Math.min(text, background) + 0.05);
	}

	private static double luminance(Browser browser, String property) throws IOException, InterruptedException {
		JsonNode color = browser.run(
				"return getComputedStyle(document.querySelector('.card'))." + property + ".match(/\\d+/g).map(Number)");
		return 0.2126 * linear(color.get(0)) + 0.7152 * linear(color.get(1)) + 0.0722 * linear(color.get(2));
	}

	private static double linear(JsonNode component) {
		double value = component.asDouble() / 255;
		return (value <= 0.04045) ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
	}

	/**
	 * Wait until so many processes have answered, the newest has answered a while, and
	 * the button can be pressed.
	 */
	private static void awaitProcesses(Browser browser, PageProcess page, int count) {
		Awaitility.await()
			.atMost(LIMIT)
			.pollInterval(Duration.ofMillis(200))
			.untilAsserted(() -> assertThat(isSettled(browser, count)).describedAs(page.output()).isTrue());
	}

	private static boolean isSettled(Browser browser, int count) throws IOException, InterruptedException {
		boolean enabled = !browser.run("return document.getElementById('takeover').disabled").asBoolean();
		return enabled && pids(browser).size() == count && requestsOfNewest(browser) > 300;
	}

	private static JsonNode pids(Browser browser) throws IOException, InterruptedException {
		return browser.run("return [...document.querySelectorAll('#processes tr')].map((row) => row.dataset.pid)");
	}

	private static int requestsOfNewest(Browser browser) throws IOException, InterruptedException {
		return number(browser.run("return document.querySelector('#processes .number').textContent").asString());
	}

	private static int number(Browser browser, String id) throws IOException, InterruptedException {
		return number(text(browser, id));
	}

	private static int number(String text) {
		return Integer.parseInt(text.replace(",", ""));
	}

	private static String text(Browser browser, String id) throws IOException, InterruptedException {
		return browser.run("return document.getElementById('" + id + "').textContent").asString();
	}

}
