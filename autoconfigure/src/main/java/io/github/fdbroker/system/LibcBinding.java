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

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConfigurationException;

/**
 * The ways to bind the C library, on Linux on x86-64 and aarch64.
 */
public enum LibcBinding {

	/** By {@code java.lang.foreign}, on Java 22 and newer. */
	FOREIGN(ForeignLibc::new),

	/** By JNA, where it is on the class path. */
	JNA(JnaLibc::new);

	/** The class with the native method that JNA binds. */
	public static final String NATIVE = "io.github.fdbroker.system.JnaLibc";

	/** The classes whose members the bindings look up. */
	public static final List<String> LOOKED_UP = List.of(NATIVE, "java.lang.foreign.Linker",
			"java.lang.foreign.Linker$Option", "java.lang.foreign.SymbolLookup", "java.lang.foreign.FunctionDescriptor",
			"java.lang.foreign.MemoryLayout", "java.lang.foreign.MemorySegment", "java.lang.foreign.ValueLayout");

	private static final int FIRST_FOREIGN_VERSION = 22;

	private final Supplier<Libc> constructor;

	LibcBinding(Supplier<Libc> constructor) {
		this.constructor = constructor;
	}

	/**
	 * Return the binding that this version of Java allows.
	 * @return the binding
	 */
	public static LibcBinding preferred() {
		return (Runtime.version().feature() < FIRST_FOREIGN_VERSION) ? JNA : FOREIGN;
	}

	/**
	 * Bind the C library.
	 * @return the C library
	 * @throws FdConfigurationException if that cannot be done here
	 */
	public Libc bind() {
		String os = System.getProperty("os.name");
		String architecture = System.getProperty("os.arch");
		if (!os.equals("Linux") || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
			throw unsupported("it takes Linux on x86-64 or aarch64, and this is " + os + " on " + architecture, null);
		}
		try {
			return this.constructor.get();
		}
		catch (LinkageError ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw unsupported((this == JNA) ? "it takes Java " + FIRST_FOREIGN_VERSION
					+ " or the library net.java.dev.jna:jna, and this is Java " + Runtime.version().feature()
					+ " without: " + cause : cause.toString(), ex);
		}
	}

	private static FdConfigurationException unsupported(String reason, @Nullable Throwable cause) {
		return FdConfigurationException.unsupportedSystem(reason, cause);
	}

}
