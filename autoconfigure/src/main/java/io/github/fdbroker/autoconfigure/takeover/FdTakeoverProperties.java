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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of take-overs.
 *
 * @param enabled Whether a new process of this application takes over from the one that
 * runs, with its sockets.
 * @param socket Path of the control socket, on which the process that runs waits for the
 * next one. Its mode and its users can be set as those of fdbroker.sockets.takeover.
 * @param startTimeout Time that a new process may take to start.
 * @param stepTimeout Time that each of the two processes may take for one step of the
 * take-over.
 * @param drainTimeout Time that the old process may take to finish its connections. By
 * default, spring.lifecycle.timeout-per-shutdown-phase.
 */
@ConfigurationProperties("fdbroker.takeover")
public record FdTakeoverProperties(@DefaultValue("false") boolean enabled, @Nullable String socket,
		@DefaultValue("2m") Duration startTimeout, @DefaultValue("10s") Duration stepTimeout,
		@Nullable Duration drainTimeout) {

}
