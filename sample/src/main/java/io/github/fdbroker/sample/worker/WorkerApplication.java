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

package io.github.fdbroker.sample.worker;

import java.io.IOException;
import java.io.OutputStream;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The worker, which ends when the front that started it ends.
 */
@SpringBootApplication
public class WorkerApplication {

	/**
	 * Run the worker until its standard input ends.
	 * @param args the command line
	 * @throws IOException if standard input cannot be read
	 */
	public static void main(String[] args) throws IOException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WorkerApplication.class)
			.profiles("worker")
			.run(args)) {
			// The front holds the other end of this pipe, so the pipe ends with it.
			System.in.transferTo(OutputStream.nullOutputStream());
		}
	}

}
