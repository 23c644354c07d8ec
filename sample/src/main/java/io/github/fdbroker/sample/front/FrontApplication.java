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

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

import io.github.fdbroker.sample.page.PageApplication;
import io.github.fdbroker.sample.worker.WorkerApplication;

/**
 * Starts the sample: the front, which then starts the worker and the page as further
 * processes.
 */
@SpringBootApplication
public class FrontApplication {

	/**
	 * Start the front, or the part that the arguments name.
	 * @param args the command line
	 * @throws IOException if the standard input of a part cannot be read
	 */
	public static void main(String[] args) throws IOException {
		if (ApplicationParts.isWorker(args)) {
			WorkerApplication.main(args);
		}
		else if (ApplicationParts.isPage(args)) {
			PageApplication.main(args);
		}
		else {
			new SpringApplicationBuilder(FrontApplication.class).web(WebApplicationType.NONE).run(args);
		}
	}

}
