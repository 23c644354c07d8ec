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

package io.github.fdbroker.socket;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdException;

/**
 * A socket cannot be at the path configured for it.
 */
public final class SocketPathException extends FdException {

	private final String action;

	SocketPathException(String socket, Path path, String reason, String action) {
		this(socket, path, reason, action, null);
	}

	SocketPathException(String socket, Path path, String reason, String action, @Nullable Throwable cause) {
		super("Socket '%s' cannot be at %s: %s".formatted(socket, path, reason), cause);
		this.action = action;
	}

	/**
	 * Return what to do about it.
	 * @return the advice, a sentence without its full stop
	 */
	public String getAction() {
		return this.action;
	}

}
