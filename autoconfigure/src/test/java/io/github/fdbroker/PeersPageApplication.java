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

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;

/**
 * An application with the methods of one example, for those who start applications.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
class PeersPageApplication {

	/**
	 * Run with the directory of the class, and its name, as the first two arguments.
	 */
	public static void main(String[] arguments) throws Exception {
		URL[] classes = { Path.of(arguments[0]).toUri().toURL() };
		Class<?> example = new URLClassLoader(classes).loadClass(arguments[1]);
		new SpringApplication(PeersPageApplication.class, example).run(arguments);
	}

}
