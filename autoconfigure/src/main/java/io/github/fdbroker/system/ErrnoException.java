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

import java.io.IOException;

/**
 * A system call failed, and the kernel said why (errno(3)).
 */
public final class ErrnoException extends IOException {

	private final int errno;

	public ErrnoException(String message, int errno) {
		super(message);
		this.errno = errno;
	}

	public int errno() {
		return this.errno;
	}

}
