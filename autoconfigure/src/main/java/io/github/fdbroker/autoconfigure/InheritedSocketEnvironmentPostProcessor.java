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

package io.github.fdbroker.autoconfigure;

import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;

/**
 * Replaces inherited sockets that are standard streams as soon as the configuration is
 * known, before the banner or a line of the log is written to a peer.
 */
class InheritedSocketEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final int LAST_STREAM = 2;

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Binder binder = Binder.get(environment);
		if (binder.bind("fdbroker.enabled", Boolean.class).orElse(true)) {
			Stream.of("fdbroker.sockets", "fdbroker.peers")
				.map((name) -> binder.bind(name, Bindable.mapOf(String.class, Started.class)).orElse(Map.of()))
				.flatMap((started) -> started.values().stream())
				.forEach((started) -> takeAway(started.descriptor()));
		}
	}

	private static void takeAway(@Nullable Integer number) {
		if (number != null && number >= 0 && number <= LAST_STREAM) {
			try {
				InheritedDescriptor.of(number);
			}
			catch (InheritedDescriptorException ex) {
				// The bean that uses the property reports this, with its origin.
			}
		}
	}

	/**
	 * The property of a socket or peer that names an inherited descriptor.
	 *
	 * @param descriptor the number of the inherited descriptor, if any
	 */
	record Started(@Nullable Integer descriptor) {

	}

}
