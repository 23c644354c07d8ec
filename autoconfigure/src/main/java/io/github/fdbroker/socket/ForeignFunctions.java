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
final class ForeignFunctions {

	private static final String PACKAGE = "java.lang.foreign.";

	private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

	private final Class<?> segment = type("MemorySegment");

	private final Class<?> layout = type("MemoryLayout");

	private final Class<?> function = type("FunctionDescriptor");

	private final Class<?> option = type("Linker$Option");

	private final Object linker;

	private final MethodHandle segmentOf;

	private final MethodHandle address;

	/**
	 * Look the API up.
	 * @throws ReflectiveOperationException if this version of Java does not have it
	 */
	ForeignFunctions() throws ReflectiveOperationException {
		Class<?> linkerType = type("Linker");
		this.linker = call(LOOKUP.findStatic(linkerType, "nativeLinker", MethodType.methodType(linkerType)));
		this.segmentOf = LOOKUP.findStatic(this.segment, "ofBuffer", MethodType.methodType(this.segment, Buffer.class))
			.asType(MethodType.methodType(Object.class, ByteBuffer.class));
		this.address = LOOKUP.findVirtual(this.segment, "address", MethodType.methodType(long.class))
			.asType(MethodType.methodType(long.class, Object.class));
	}

	/**
	 * Bind a function of the C library.
	 * @param name its name
	 * @param type the type of its result and its arguments, {@code int} and {@code long},
	 * pointers being the latter
	 * @return what calls it: the first argument is the segment that takes errno, the
	 * others are those of the function
	 */
	MethodHandle bind(String name, MethodType type) throws ReflectiveOperationException {
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
	MethodHandle bindWithoutErrno(String name, MethodType type) throws ReflectiveOperationException {
		return bind(name, type, Array.newInstance(this.option, 0));
	}

	private MethodHandle bind(String name, MethodType type, Object options) throws ReflectiveOperationException {
		Object symbol = symbol(name);
		Object layouts = Array.newInstance(this.layout, type.parameterCount());
		for (int i = 0; i < type.parameterCount(); i++) {
			Array.set(layouts, i, layout(type.parameterType(i)));
		}
		Class<?> layoutArray = layouts.getClass();
		Object signature = call(
				LOOKUP.findStatic(this.function, "of", MethodType.methodType(this.function, this.layout, layoutArray)),
				layout(type.returnType()), layouts);
		MethodHandle downcall = LOOKUP.findVirtual(type("Linker"), "downcallHandle",
				MethodType.methodType(MethodHandle.class, this.segment, this.function, options.getClass()));
		return (MethodHandle) call(downcall, this.linker, symbol, signature, options);
	}

	private Object captureErrno() throws ReflectiveOperationException {
		return call(
				LOOKUP.findStatic(this.option, "captureCallState", MethodType.methodType(this.option, String[].class)),
				(Object) new String[] { "errno" });
	}

	/**
	 * Return a direct buffer, from its position on, as a segment.
	 */
	Object segment(ByteBuffer buffer) {
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
	long address(ByteBuffer buffer) {
		try {
			return (long) this.address.invokeExact(segment(buffer));
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Object symbol(String name) throws ReflectiveOperationException {
		Class<?> lookupType = type("SymbolLookup");
		Object lookup = call(LOOKUP.findVirtual(type("Linker"), "defaultLookup", MethodType.methodType(lookupType)),
				this.linker);
		Object symbol = call(
				LOOKUP.findVirtual(lookupType, "find", MethodType.methodType(Optional.class, String.class)), lookup,
				name);
		return ((Optional<?>) symbol)
			.orElseThrow(() -> new IllegalStateException("The C library has no function " + name));
	}

	private static Object layout(Class<?> type) throws ReflectiveOperationException {
		return type("ValueLayout").getField("JAVA_" + type.getName().toUpperCase(Locale.ROOT)).get(null);
	}

	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name);
	}

	private static Object call(MethodHandle method, Object... arguments) throws ReflectiveOperationException {
		try {
			return method.asFixedArity().invokeWithArguments(arguments);
		}
		catch (ReflectiveOperationException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new ReflectiveOperationException(ex);
		}
	}

}
