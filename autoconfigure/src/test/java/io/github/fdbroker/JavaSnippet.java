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

import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import javax.tools.JavaCompiler.CompilationTask;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods of a reference page, compiled as those of a class with the imports that a
 * reader would guess.
 */
final class JavaSnippet implements Closeable {

	/** The name of the class. */
	static final String NAME = "Snippet";

	private static final String CLASS = """
			import java.io.*;
			import java.net.*;
			import java.nio.*;
			import java.nio.channels.*;
			import java.nio.charset.*;
			import java.nio.file.*;
			import java.time.*;
			import java.util.*;
			import java.util.concurrent.*;
			import org.springframework.beans.factory.annotation.*;
			import org.springframework.messaging.handler.annotation.*;
			import io.github.fdbroker.*;
			import io.github.fdbroker.annotation.*;
			import io.github.fdbroker.child.*;

			public class Snippet {

			%s
			}
			""";

	private final URLClassLoader loader;

	private final Class<?> type;

	private final boolean startsPeer;

	JavaSnippet(Path directory, String methods) throws IOException, ClassNotFoundException {
		this.startsPeer = methods.contains("ProcessBuilder");
		compile(directory, CLASS.formatted(methods));
		this.loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, getClass().getClassLoader());
		this.type = this.loader.loadClass(NAME);
	}

	@SuppressWarnings("unchecked")
	Class<Object> type() {
		return (Class<Object>) this.type;
	}

	/**
	 * Whether it starts the peer itself.
	 */
	boolean startsPeer() {
		return this.startsPeer;
	}

	/**
	 * Call each method that takes the broker; to those that want files it gives the ones
	 * of the directory that are called as the parameters are.
	 * @return whether there was such a method
	 */
	boolean call(Object instance, List<?> beans, Path directory) throws Exception {
		boolean called = false;
		for (Method method : this.type.getDeclaredMethods()) {
			if (Stream.of(method.getParameterTypes()).anyMatch((parameter) -> bean(parameter, beans).isPresent())) {
				called = true;
				method.setAccessible(true);
				method.invoke(instance,
						Stream.of(method.getParameters())
							.map((parameter) -> argument(parameter, beans, directory))
							.toArray());
			}
		}
		return called;
	}

	private static Object argument(Parameter parameter, List<?> beans, Path directory) {
		return bean(parameter.getType(), beans).orElseGet(() -> directory.resolve(parameter.getName()));
	}

	private static Optional<Object> bean(Class<?> type, List<?> beans) {
		return beans.stream().filter(type::isInstance).findFirst().map(Object.class::cast);
	}

	private static void compile(Path directory, String source) throws IOException {
		StringWriter messages = new StringWriter();
		List<String> options = new ArrayList<>(List.of("-parameters", "-proc:none", "-d", directory.toString()));
		options.addAll(List.of("-classpath", System.getProperty("java.class.path")));
		JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Snippet.java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
		try (StandardJavaFileManager files = ToolProvider.getSystemJavaCompiler()
			.getStandardFileManager(null, null, null)) {
			CompilationTask task = ToolProvider.getSystemJavaCompiler()
				.getTask(messages, files, null, options, null, List.of(file));
			assertThat(task.call()).as(messages + "\n" + source).isTrue();
		}
	}

	@Override
	public void close() throws IOException {
		this.loader.close();
	}

}
