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

package io.github.fdbroker.sample.front;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a part of the sample as a process of its own for as long as this application runs.
 * The part notices the end of this process in any case: its standard input, which is a
 * pipe from this process, ends, and so does the process whose number is in its
 * environment.
 */
final class ApplicationPart implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(ApplicationPart.class);

	private static final int STOP_SECONDS = 10;

	private final String name;

	private final ConfigurableApplicationContext context;

	private final ApplicationArguments arguments;

	private final String directory;

	private volatile @Nullable Process process;

	/**
	 * Create a part.
	 * @param name its name, which is an argument of its process
	 */
	ApplicationPart(String name, ConfigurableApplicationContext context, ApplicationArguments arguments,
			String directory) {
		this.name = name;
		this.context = context;
		this.arguments = arguments;
		this.directory = directory;
	}

	/**
	 * Start before the server of the front, which needs the worker, and stop after it.
	 */
	@Override
	public int getPhase() {
		return 0;
	}

	@Override
	public void start() {
		try {
			ProcessBuilder builder = new ProcessBuilder(command()).redirectOutput(Redirect.INHERIT)
				.redirectError(Redirect.INHERIT);
			builder.environment().put("FDBROKER_DIRECTORY", this.directory);
			builder.environment().put("SAMPLE_FRONT", String.valueOf(ProcessHandle.current().pid()));
			Process started = builder.start();
			this.process = started;
			started.onExit().thenAccept(this::ended);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void stop() {
		Process stopping = this.process;
		if (stopping == null) {
			return;
		}
		this.process = null;
		stopping.destroy();
		try {
			if (!stopping.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
				stopping.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.process != null;
	}

	/**
	 * If a part ends in order, another process has taken over from it.
	 */
	private void ended(Process ended) {
		boolean stopped = this.process != ended || this.context.isClosed();
		if (!stopped && ended.exitValue() != 0) {
			logger.error("The %s, process %d, ended with exit code %d, and so does this one".formatted(this.name,
					ended.pid(), ended.exitValue()));
			System.exit(1);
		}
	}

	/**
	 * The command that started this process, with one more argument.
	 */
	private List<String> command() {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		ManagementFactory.getRuntimeMXBean()
			.getInputArguments()
			.stream()
			.filter((option) -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
			.forEach(command::add);
		File jar = new ApplicationHome(FrontApplication.class).getSource();
		if (jar != null && jar.isFile()) {
			command.addAll(List.of("-jar", jar.getPath()));
		}
		else {
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), FrontApplication.class.getName()));
		}
		command.addAll(List.of(this.arguments.getSourceArgs()));
		command.add("--" + this.name);
		return command;
	}

}
