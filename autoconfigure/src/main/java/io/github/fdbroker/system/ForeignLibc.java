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
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import io.github.fdbroker.FdConfigurationException;

/**
 * The binding by the foreign-function API of Java 22 and newer. This class is compiled
 * for Java 17, so it looks the API up by name.
 */
final class ForeignLibc implements Libc {

	private static final String PACKAGE = "java.lang.foreign.";

	/** The number of the call, and six arguments. */
	private static final int ARGUMENTS = 7;

	/** A constant, so that calling it costs no more than the call. */
	private static final MethodHandle SYSCALL;

	private static final Function<Object, Object> SEGMENT;

	private static final ToLongFunction<Object> ADDRESS;

	static {
		try {
			Class<?> segment = type("MemorySegment");
			MethodHandles.Lookup lookup = MethodHandles.publicLookup();
			SEGMENT = proxy(Function.class,
					lookup.findStatic(segment, "ofBuffer", MethodType.methodType(segment, Buffer.class)));
			ADDRESS = proxy(ToLongFunction.class,
					lookup.findVirtual(segment, "address", MethodType.methodType(long.class)));
			SYSCALL = bind("syscall");
		}
		catch (ReflectiveOperationException ex) {
			throw FdConfigurationException
				.unsupportedSystem("The foreign-function API is not as it was in Java 22 to 25", ex);
		}
	}

	@Override
	public String binding() {
		return "java.lang.foreign";
	}

	@Override
	public long address(ByteBuffer buffer) {
		return ADDRESS.applyAsLong(capture(buffer.duplicate().clear()));
	}

	@Override
	public Object capture(ByteBuffer errno) {
		return SEGMENT.apply(errno);
	}

	@Override
	public long call(CallMemory memory, Syscall call, long a, long b, long c, long d, long e, long f) {
		try {
			long result = (long) SYSCALL.invokeExact(memory.capture(), call.number(), a, b, c, d, e, f);
			return (result != -1) ? result : -memory.errno();
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle bind(String name) throws ReflectiveOperationException {
		Object linker = type("Linker").getMethod("nativeLinker").invoke(null);
		Object lookup = type("Linker").getMethod("defaultLookup").invoke(linker);
		Optional<?> symbol = (Optional<?>) type("SymbolLookup").getMethod("find", String.class).invoke(lookup, name);
		MethodHandle handle = (MethodHandle) type("Linker")
			.getMethod("downcallHandle", type("MemorySegment"), type("FunctionDescriptor"),
					type("Linker$Option").arrayType())
			.invoke(linker, symbol.orElseThrow(), signature(), options());
		return handle.asType(handle.type().changeParameterType(0, Object.class));
	}

	private static Object signature() throws ReflectiveOperationException {
		Object number = type("ValueLayout").getField("JAVA_LONG").get(null);
		Object arguments = Array.newInstance(type("MemoryLayout"), ARGUMENTS);
		for (int i = 0; i < ARGUMENTS; i++) {
			Array.set(arguments, i, number);
		}
		return type("FunctionDescriptor").getMethod("of", type("MemoryLayout"), arguments.getClass())
			.invoke(null, number, arguments);
	}

	/**
	 * Have errno stored, in the segment that is the first argument then.
	 */
	private static Object options() throws ReflectiveOperationException {
		Object options = Array.newInstance(type("Linker$Option"), 1);
		Array.set(options, 0, type("Linker$Option").getMethod("captureCallState", String[].class)
			.invoke(null, (Object) new String[] { "errno" }));
		return options;
	}

	@SuppressWarnings("unchecked")
	private static <T> T proxy(Class<? super T> type, MethodHandle handle) {
		return (T) MethodHandleProxies.asInterfaceInstance(type, handle);
	}

	private static Class<?> type(String name) throws ClassNotFoundException {
		return Class.forName(PACKAGE + name);
	}

}
