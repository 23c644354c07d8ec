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

package io.github.fdbroker.web;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The kinds of web servers. All are on the class path of the tests.
 */
enum WebServerKind {

	TOMCAT("servlet", "spring-boot-tomcat"), JETTY("servlet", "spring-boot-jetty"),
	NETTY("reactive", "spring-boot-reactor-netty");

	private final String type;

	private final String module;

	WebServerKind(String type, String module) {
		this.type = type;
		this.module = module;
	}

	/**
	 * Whether idle connections move to the process that takes over.
	 */
	boolean movesConnections() {
		return this == TOMCAT;
	}

	/**
	 * Return the command that runs {@link PidApplication} with this server only.
	 */
	List<String> command(String... arguments) {
		return command(System.getProperty("java.class.path"), List.of(), arguments);
	}

	/**
	 * Return the command that runs {@link PidApplication} with this server only.
	 */
	List<String> command(String classPath, List<String> options, String... arguments) {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx128m",
				"-XX:TieredStopAtLevel=1", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"--add-opens=java.base/java.net=ALL-UNNAMED", "-cp", withoutOthers(classPath)));
		command.addAll(options);
		command.addAll(List.of(PidApplication.class.getName(), "--spring.main.web-application-type=" + this.type,
				"--spring.main.banner-mode=off"));
		command.addAll(List.of(arguments));
		return command;
	}

	private String withoutOthers(String classPath) {
		return Arrays.stream(classPath.split(File.pathSeparator))
			.filter((entry) -> Arrays.stream(values())
				.noneMatch((server) -> server != this && entry.contains("/" + server.module + "/")))
			.collect(Collectors.joining(File.pathSeparator));
	}

}
