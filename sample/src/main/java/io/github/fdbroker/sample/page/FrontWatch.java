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

import java.util.Optional;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Closes this application when the front has ended. The front cannot do that itself,
 * because the processes that take over are not its children.
 */
@Component
class FrontWatch implements ApplicationRunner {

	private final ConfigurableApplicationContext context;

	private final Optional<Long> front;

	FrontWatch(ConfigurableApplicationContext context, @Value("${sample.front:#{null}}") Optional<Long> front) {
		this.context = context;
		this.front = front;
	}

	@Override
	public void run(ApplicationArguments arguments) {
		this.front.ifPresent(this::watch);
	}

	private void watch(long pid) {
		ProcessHandle.of(pid)
			.ifPresentOrElse((process) -> process.onExit().thenRun(this.context::close), this.context::close);
	}

}
