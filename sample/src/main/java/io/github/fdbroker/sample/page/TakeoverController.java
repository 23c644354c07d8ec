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

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

import io.github.fdbroker.takeover.Takeover;
import io.github.fdbroker.takeover.TakeoverStatus;

/**
 * Starts a take-over by a new process when a user of the page requests it.
 */
@RestController
@RequestMapping("/takeover")
class TakeoverController {

	private final Takeover takeover;

	TakeoverController(Takeover takeover) {
		this.takeover = takeover;
	}

	/**
	 * Start the next process. The pages of other sites cannot send JSON to this address
	 * without permission.
	 */
	@PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
	Started start() {
		return new Started(this.takeover.start());
	}

	@GetMapping
	TakeoverStatus status() {
		return this.takeover.status();
	}

	/**
	 * The process that was started.
	 *
	 * @param pid its number
	 */
	record Started(long pid) {

	}

}
