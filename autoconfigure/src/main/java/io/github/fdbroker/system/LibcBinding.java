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

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;

/**
 * Finds the binding of the C library that this Java version and this system allow.
 */
public final class LibcBinding {

	private static final int FIRST_VERSION = 22;

	private LibcBinding() {
	}

	/**
	 * Bind the C library.
	 * @return the binding
	 * @throws FdConfigurationException if there is none here
	 */
	public static Libc bind() {
		String os = System.getProperty("os.name");
		String architecture = System.getProperty("os.arch");
		if (Runtime.version().feature() < FIRST_VERSION) {
			throw unsupported("it takes Java " + FIRST_VERSION + ", and this is " + Runtime.version().feature(), null);
		}
		if (!os.equals("Linux") || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
			throw unsupported("it takes Linux on x86-64 or aarch64, and this is " + os + " on " + architecture, null);
		}
		try {
			return new ForeignLibc();
		}
		catch (LinkageError ex) {
			throw unsupported(String.valueOf((ex.getCause() != null) ? ex.getCause() : ex), ex);
		}
	}

	private static FdConfigurationException unsupported(String reason, @Nullable Throwable cause) {
		return FdConfigurationException.unsupportedSystem(reason, cause);
	}

}
