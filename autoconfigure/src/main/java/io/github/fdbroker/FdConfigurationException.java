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

package io.github.fdbroker;

import org.jspecify.annotations.Nullable;

/**
 * The application cannot start with its configuration, or on this system.
 */
public class FdConfigurationException extends FdException {

	private final String action;

	/**
	 * Create an exception.
	 * @param message what is wrong, and with what, a sentence without its full stop
	 * @param action what to do about it, a sentence without its full stop
	 */
	public FdConfigurationException(String message, String action) {
		this(message, action, null);
	}

	/**
	 * Create an exception.
	 * @param message what is wrong, and with what, a sentence without its full stop
	 * @param action what to do about it, a sentence without its full stop
	 * @param cause what caused it
	 */
	public FdConfigurationException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * Create an exception for a system, or a version of junixsocket, that cannot pass
	 * descriptors.
	 * @param message what is missing
	 * @param cause what caused it
	 * @return the exception
	 */
	public static FdConfigurationException unsupportedSystem(String message, @Nullable Throwable cause) {
		return new FdConfigurationException(message,
				"Use Linux, or another system that junixsocket has a native library for, and version 2.11.1 of "
						+ "junixsocket; or set fdbroker.enabled=false",
				cause);
	}

	/**
	 * Return what to do about it.
	 * @return a sentence without its full stop
	 */
	public String getAction() {
		return this.action;
	}

}
