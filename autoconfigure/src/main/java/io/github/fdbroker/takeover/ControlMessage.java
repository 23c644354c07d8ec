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

package io.github.fdbroker.takeover;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;

/**
 * What processes say to each other on the control socket: requests of the new process,
 * and replies of the old one.
 */
enum ControlMessage {

	/** Start a take-over. The reply is the journal of the old process. */
	BEGIN,

	/** The reply carries the listening sockets. */
	SOCKETS,

	/** The reply is what the contributor of the name contributes. */
	CONTRIBUTION,

	/** The new process could serve. From here on the old process waits for it. */
	READY,

	/** The new process serves. The reply says that the old one accepts no more. */
	SERVING,

	/** The reply carries idle connections, or says that there is nothing left. */
	FINISH,

	/** The new process ends. */
	ABANDON,

	/** Not of a take-over: start a new process. The reply is its id. */
	LAUNCH;

	private static final String NAME = "takeover";

	private static final String SUBJECT = "takeover-subject";

	private static final String REFUSED = "takeover-refused";

	private static final String FINISHED = "takeover-finished";

	/**
	 * Create the request.
	 * @param subject what it is about, may be empty
	 */
	OutgoingFdMessage request(String subject) {
		return OutgoingFdMessage.builder().header(NAME, name()).header(SUBJECT, subject).build();
	}

	/**
	 * Return which request a message is.
	 * @return {@code null} if it is none
	 */
	static @Nullable ControlMessage of(FdMessage request) {
		String name = request.headers().getOrDefault(NAME, "");
		for (ControlMessage each : values()) {
			if (each.name().equals(name)) {
				return each;
			}
		}
		return null;
	}

	static String subject(FdMessage request) {
		return request.headers().getOrDefault(SUBJECT, "");
	}

	static OutgoingFdMessage refusal(String reason) {
		return OutgoingFdMessage.builder().header(REFUSED, reason).build();
	}

	static @Nullable String refusal(FdMessage reply) {
		return reply.headers().get(REFUSED);
	}

	static OutgoingFdMessage finished() {
		return OutgoingFdMessage.builder().header(FINISHED, true).build();
	}

	static boolean isFinished(FdMessage reply) {
		return reply.headers().containsKey(FINISHED);
	}

}
