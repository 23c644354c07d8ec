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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The actuator endpoint of take-overs, over HTTP.
 */
class TakeoverEndpointTests {

	@TempDir
	Path directory;

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void endpointTellsStateAndHistoryAndWhenWrittenToStartsTakeover() throws Exception {
		try (PageProcess page = PageProcess.start(this.directory,
				"--management.endpoints.web.exposure.include=takeover")) {
			HttpRequest.Builder request = HttpRequest
				.newBuilder(URI.create(page.address()).resolve("/actuator/takeover"));
			JsonNode before = exchange(request.GET());
			assertThat(before.get("generation").asInt()).isZero();
			assertThat(before.get("history")).isEmpty();
			long started = exchange(request.POST(HttpRequest.BodyPublishers.noBody())).get("pid").asLong();
			assertThat(page.awaitEndOfFirst()).describedAs(page.output()).isZero();
			Awaitility.await().until(() -> !exchange(request.GET()).get("history").isEmpty());
			JsonNode after = exchange(request.GET());
			assertThat(after.get("pid").asLong()).isEqualTo(started);
			assertThat(after.get("generation").asInt()).isOne();
			assertThat(after.get("since").asString()).isGreaterThan(before.get("since").asString());
			JsonNode takeover = after.get("history").get(0);
			assertThat(takeover.get("outcome").asString()).isEqualTo("COMPLETED");
			assertThat(takeover.get("oldPid")).isEqualTo(before.get("pid"));
			assertThat(takeover.get("newPid").asLong()).isEqualTo(started);
		}
	}

	private JsonNode exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
		return new JsonMapper().readTree(this.client.send(request.build(), BodyHandlers.ofString()).body());
	}

}
