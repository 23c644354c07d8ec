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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, driven with the W3C's WebDriver protocol.
 */
final class Browser implements AutoCloseable {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

	private static final Pattern STARTED = Pattern.compile("started successfully on port (\\d+)");

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final JsonMapper json = JsonMapper.shared();

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process driver;

	private final String session;

	private Browser(Process driver, Path directory) throws IOException, InterruptedException {
		this.driver = driver;
		String sessions = "http://localhost:" + port(driver) + "/session";
		this.session = sessions + "/" + call("POST", sessions, capabilities(directory)).path("sessionId").asString();
	}

	/**
	 * Start a browser, or skip the test where there is none.
	 * @param directory an empty directory for what the browser stores
	 */
	static Browser start(Path directory) throws IOException, InterruptedException {
		boolean present = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
		Assumptions.assumeTrue(present, CHROMIUM + " or " + DRIVER + " is missing");
		Process driver = new ProcessBuilder(DRIVER.toString(), "--port=0").redirectErrorStream(true).start();
		try {
			return new Browser(driver, directory);
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			end(driver);
			throw ex;
		}
	}

	void open(String address) throws IOException, InterruptedException {
		call("POST", this.session + "/url", Map.of("url", address));
	}

	/**
	 * Return what a script returns.
	 */
	JsonNode run(String script) throws IOException, InterruptedException {
		return call("POST", this.session + "/execute/sync", Map.of("script", script, "args", List.of()));
	}

	/**
	 * Show pages as users see them who prefer light or dark colors.
	 */
	void prefer(String colorScheme) throws IOException, InterruptedException {
		Map<String, ?> preference = Map.of("name", "prefers-color-scheme", "value", colorScheme);
		call("POST", this.session + "/goog/cdp/execute",
				Map.of("cmd", "Emulation.setEmulatedMedia", "params", Map.of("features", List.of(preference))));
	}

	void screenshot(Path file) throws IOException, InterruptedException {
		String image = call("GET", this.session + "/screenshot", Map.of()).asString();
		Files.write(file, Base64.getDecoder().decode(image));
	}

	@Override
	public void close() throws IOException, InterruptedException {
		try {
			call("DELETE", this.session, Map.of());
		}
		finally {
			end(this.driver);
		}
	}

	private JsonNode call(String method, String address, Map<String, ?> body) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(TIMEOUT);
		boolean post = method.equals("POST");
		request.method(method,
				post ? BodyPublishers.ofString(this.json.writeValueAsString(body)) : BodyPublishers.noBody());
		JsonNode value = this.json.readTree(this.client.send(request.build(), BodyHandlers.ofString()).body())
			.path("value");
		if (value.has("error")) {
			throw new IOException("%s %s: %s".formatted(method, address, value.path("message").asString()));
		}
		return value;
	}

	private static Map<String, ?> capabilities(Path directory) {
		List<String> arguments = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
				"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--window-size=1180,1300", "--user-data-dir=" + directory);
		return Map.of("capabilities", Map.of("alwaysMatch",
				Map.of("goog:chromeOptions", Map.of("binary", CHROMIUM.toString(), "args", arguments))));
	}

	private static String port(Process driver) throws IOException {
		BufferedReader output = new BufferedReader(
				new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			Matcher matcher = STARTED.matcher(line);
			if (matcher.find()) {
				return matcher.group(1);
			}
		}
		throw new IOException(DRIVER + " ended before it started");
	}

	private static void end(Process driver) throws InterruptedException {
		Stream.concat(driver.descendants(), Stream.of(driver.toHandle()))
			.toList()
			.forEach(ProcessHandle::destroyForcibly);
		driver.waitFor();
	}

}
