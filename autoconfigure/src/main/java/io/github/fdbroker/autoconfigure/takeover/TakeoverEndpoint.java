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

package io.github.fdbroker.autoconfigure.takeover;

import java.util.Map;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.github.fdbroker.takeover.Takeover;
import io.github.fdbroker.takeover.TakeoverStatus;

/**
 * Tells the state and the history of take-overs, and starts one.
 */
@Endpoint(id = "takeover")
final class TakeoverEndpoint {

	private final Takeover takeover;

	TakeoverEndpoint(Takeover takeover) {
		this.takeover = takeover;
	}

	@ReadOperation
	TakeoverStatus takeover() {
		return this.takeover.status();
	}

	@WriteOperation
	Map<String, Long> start() {
		return Map.of("pid", this.takeover.start());
	}

}
