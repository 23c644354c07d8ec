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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * The foreign-function API of Java 22 and newer ({@code java.lang.foreign}), as far as it
 * is needed here. This class is compiled for Java 17, so it looks the API up by name;
 * once a function is bound, calling it takes numbers only.
 */
public final class ForeignFunctions {

	private static final int FIRST_VERSION = 22;

	private static final String PACKAGE = "java.lang.foreign.";

	private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

	private final Class<?> segment = type("MemorySegment");

	private final Class<?> layout = type("MemoryLayout");

	private final Class<?> function = type("FunctionDescriptor");

	private final Class<?> option = type("Linker$Option");

	private final Class<?> linkerType = type("Linker");

	private final Object linker;

	private final MethodHandle segmentOf;

	private final MethodHandle address;

	/**
	 * Look the API up.
	 * @throws ReflectiveOperationException if this version of Java does not have it
	 */
	public ForeignFunctions() throws ReflectiveOperationException {
		this.linker = this.linkerType.getMethod("nativeLinker").invoke(null);
		this.segmentOf = LOOKUP.findStatic(this.segment, "ofBuffer", MethodType.methodType(this.segment, Buffer.class))
			.asType(MethodType.methodType(Object.class, ByteBuffer.class));
		this.address = LOOKUP.findVirtual(this.segment, "address", MethodType.methodType(long.class))
			.asType(MethodType.methodType(long.class, Object.class));
	}

	/**
	 * Return why system calls cannot be made by these functions here.
	 * @return the reason, empty if nothing is known against it
	 */
	public static Optional<String> unsuitable() {
		String os = System.getProperty("os.name");
		String architecture = System.getProperty("os.arch");
		if (Runtime.version().feature() < FIRST_VERSION) {
			return Optional.of("it takes Java " + FIRST_VERSION + ", and this is " + Runtime.version().feature());
		}
		if (!os.equals("Linux") || !(architecture.equals("amd64") || architecture.equals("aarch64"))) {
			return Optional.of("it takes Linux on x86-64 or aarch64, and this is " + os + " on " + architecture);
		}
		return Optional.empty();
	}

	/**
	 * Bind a function of the C library.
	 * @param name its name
	 * @param type the type of its result and its arguments, {@code int} and {@code long},
	 * pointers being the latter
	 * @return what calls it: the first argument is the segment that takes errno, the
	 * others are those of the function
	 */
	public MethodHandle bind(String name, MethodType type) throws ReflectiveOperationException {
		Object options = Array.newInstance(this.option, 1);
		Array.set(options, 0, captureErrno());
		return bind(name, type, options).asType(type.insertParameterTypes(0, Object.class));
	}

	/**
	 * Bind a function of the C library whose errno is of no use.
	 * @param name its name
	 * @param type the type of its result and its arguments, as above
	 * @return what calls it, with the arguments of the function
	 */
	public MethodHandle bindWithoutErrno(String name, MethodType type) throws ReflectiveOperationException {
		return bind(name, type, Array.newInstance(this.option, 0));
	}

	private MethodHandle bind(String name, MethodType type, Object options) throws ReflectiveOperationException {
		Object layouts = Array.newInstance(this.layout, type.parameterCount());
		for (int i = 0; i < type.parameterCount(); i++) {
			Array.set(layouts, i, layout(type.parameterType(i)));
		}
		Object signature = this.function.getMethod("of", this.layout, layouts.getClass())
			.invoke(null, layout(type.returnType()), layouts);
		return (MethodHandle) this.linkerType
			.getMethod("downcallHandle", this.segment, this.function, options.getClass())
			.invoke(this.linker, symbol(name), signature, options);
	}

	private Object captureErrno() throws ReflectiveOperationException {
		return this.option.getMethod("captureCallState", String[].class)
			.invoke(null, (Object) new String[] { "errno" });
	}

	/**
	 * Return a direct buffer, from its position on, as a segment.
	 */
	public Object segment(ByteBuffer buffer) {
		try {
			return (Object) this.segmentOf.invokeExact(buffer);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the address of a direct buffer's position. It is valid as long as the buffer
	 * is reachable.
	 */
	public long address(ByteBuffer buffer) {
		try {
			return (long) this.address.invokeExact(segment(buffer));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Object symbol(String name) throws ReflectiveOperationException {
		Object lookup = this.linkerType.getMethod("defaultLookup").invoke(this.linker);
		return ((Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name))
			.orElseThrow(() -> new IllegalStateException("The C library has no function " + name));
	}

	private static Object layout(Class<?> type) throws ReflectiveOperationException {
		return type("ValueLayout").getField("JAVA_" + type.getName().toUpperCase(Locale.ROOT)).get(null);
	}

	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name);
	}

}
