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

package io.github.fdbroker.autoconfigure.metrics;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.fdbroker.child.ChildSettings;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.wire.Traffic;

/**
 * The metrics of the processes that this application starts. Those whose name is not
 * configured are counted together.
 *
 * @param names the names that are configured
 * @param children the processes
 */
record ChildMetrics(Set<String> names, FdChildren children) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		Set<String> groups = new LinkedHashSet<>(this.names);
		groups.add(ChildSettings.OTHER);
		for (String child : groups) {
			Traffic traffic = this.children.traffic(child);
			bindTo(registry, child, "out", traffic, Traffic::messagesSent, Traffic::descriptorsSent);
			bindTo(registry, child, "in", traffic, Traffic::messagesReceived, Traffic::descriptorsReceived);
		}
	}

	private static void bindTo(MeterRegistry registry, String child, String direction, Traffic traffic,
			ToDoubleFunction<Traffic> messages, ToDoubleFunction<Traffic> descriptors) {
		FunctionCounter.builder("fdbroker.child.messages", traffic, messages)
			.description("Messages sent and received, replies included")
			.tags("child", child, "direction", direction)
			.register(registry);
		FunctionCounter.builder("fdbroker.child.descriptors", traffic, descriptors)
			.description("Descriptors sent and received")
			.tags("child", child, "direction", direction)
			.register(registry);
	}

}
