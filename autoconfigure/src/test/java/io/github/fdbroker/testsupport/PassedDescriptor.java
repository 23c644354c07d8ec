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

package io.github.fdbroker.testsupport;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;
import io.github.fdbroker.system.Kernel;

/**
 * A descriptor as a parent passes it: its number never means another file in this
 * process.
 */
public final class PassedDescriptor {

	private static final AtomicInteger NEXT = new AtomicInteger(900);

	private PassedDescriptor() {
	}

	/**
	 * Move a descriptor to a number that no other test uses, and return the number.
	 */
	public static int number(FileDescriptor descriptor) throws IOException {
		int number = NEXT.getAndIncrement();
		Kernel.calls().replace(descriptor, FileDescriptors.of(number));
		Descriptors.close(descriptor);
		return number;
	}

}
