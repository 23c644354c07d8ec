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

package io.github.fdbroker.system;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for closing what the Java runtime opened.
 */
class DescriptorCloseTests {

	@Test
	void closeWhenRuntimeOpenedTheFileIsTheOnlyClose() throws IOException {
		WeakReference<FileDescriptor> closed = openAndClose();
		try (FileInputStream successor = new FileInputStream("/dev/zero")) {
			Awaitility.await().until(() -> {
				System.gc();
				return closed.get() == null;
			});
			// Cleaners run behind the collection: another one shows that they have run.
			awaitCleaner();
			assertThat(successor.read()).isZero();
		}
	}

	private static WeakReference<FileDescriptor> openAndClose() throws IOException {
		FileDescriptor descriptor = new FileInputStream("/dev/zero").getFD();
		Descriptors.close(descriptor);
		return new WeakReference<>(descriptor);
	}

	private static void awaitCleaner() throws IOException {
		int number = abandon();
		Awaitility.await().until(() -> {
			System.gc();
			return !Files.exists(Path.of("/proc/self/fd/" + number));
		});
	}

	private static int abandon() throws IOException {
		return Descriptors.number(new FileInputStream("/dev/null").getFD());
	}

}
