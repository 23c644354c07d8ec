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

package io.github.fdbroker.sample.fdctl;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.FdListener;

/**
 * Describes the first message that is received.
 */
class FirstMessage {

	private final CompletableFuture<List<String>> description = new CompletableFuture<>();

	/**
	 * Take a message. The listener closes its descriptors.
	 */
	@FdListener(Library.NAME)
	void receive(FdMessage message, PeerCredentials peer) {
		this.description.complete(Description.of(message, "from " + peer));
	}

	CompletableFuture<List<String>> description() {
		return this.description;
	}

}
