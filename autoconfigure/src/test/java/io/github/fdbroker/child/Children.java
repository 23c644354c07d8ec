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

package io.github.fdbroker.child;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.fdbroker.testsupport.TestApplication;

/**
 * What tests with children share: the application, the files that are passed, and the
 * output of a child.
 */
final class Children {

	private Children() {
	}

	/**
	 * Run a test in an application that has no socket.
	 * @param properties further properties of the children {@code worker}
	 */
	static void with(Path directory, Use use, String... properties) {
		String[] prefixed = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			prefixed[i] = "fdbroker.children.worker." + properties[i];
		}
		TestApplication.withoutListener(directory)
			.withPropertyValues(prefixed)
			.run((context) -> use.accept(context.getBean(FdChildren.class)));
	}

	/**
	 * Wait for the end of a child's standard output.
	 */
	static String output(FdChild child) throws IOException {
		try (InputStream output = child.process().getInputStream()) {
			return new String(output.readAllBytes());
		}
	}

	/**
	 * Create a file of which the name is the content.
	 */
	static Path file(Path directory, String content) throws IOException {
		return Files.writeString(directory.resolve(content), content);
	}

	/**
	 * What a test does with children.
	 */
	interface Use {

		void accept(FdChildren children) throws Exception;

	}

}
