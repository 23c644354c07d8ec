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

import java.io.IOException;
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

import io.github.fdbroker.sample.worker.WorkerApplication;

/**
 * Starts the sample: the front, which then starts the worker as a second process.
 */
@SpringBootApplication
public class FrontApplication {

	/**
	 * Start the front, or the worker if the arguments say so.
	 * @param args the command line
	 * @throws IOException if the worker's standard input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		if (List.of(args).contains(WorkerProcess.ARGUMENT)) {
			WorkerApplication.main(args);
		}
		else {
			new SpringApplicationBuilder(FrontApplication.class).web(WebApplicationType.NONE).run(args);
		}
	}

}
