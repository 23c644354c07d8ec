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

package io.github.fdbroker.sample.front;

import java.util.List;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The parts of the sample that the front starts.
 */
@Configuration(proxyBeanMethods = false)
class ApplicationParts {

	private static final String WORKER = "worker";

	private static final String PAGE = "page";

	/**
	 * Return whether the arguments say that this process is the worker.
	 */
	static boolean isWorker(String[] arguments) {
		return List.of(arguments).contains("--" + WORKER);
	}

	/**
	 * Return whether the arguments say that this process serves the page.
	 */
	static boolean isPage(String[] arguments) {
		return List.of(arguments).contains("--" + PAGE);
	}

	@Bean
	ApplicationPart worker(ConfigurableApplicationContext context, ApplicationArguments arguments,
			@Value("${fdbroker.directory}") String directory) {
		return new ApplicationPart(WORKER, context, arguments, directory);
	}

	@Bean
	ApplicationPart page(ConfigurableApplicationContext context, ApplicationArguments arguments,
			@Value("${fdbroker.directory}") String directory) {
		return new ApplicationPart(PAGE, context, arguments, directory);
	}

}
