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

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.listener.Closer;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.system.DescriptorLeaks;

/**
 * The metrics of descriptors, for all sockets and peers together.
 *
 * @param held the received descriptors that are open
 * @param closer closes descriptors
 * @param leaks closes descriptors that the application did not close
 * @param broker sends descriptors
 */
record DescriptorMetrics(DescriptorQuota held, Closer closer, DescriptorLeaks leaks,
		@Nullable DefaultFdBroker broker) implements MeterBinder {

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("fdbroker.descriptors.held", this.held, DescriptorQuota::held)
			.description("Received descriptors that are open")
			.register(registry);
		Gauge.builder("fdbroker.descriptors.closing", this.closer, Closer::pending)
			.description("Closes that are in progress or wait for a thread")
			.register(registry);
		FunctionCounter.builder("fdbroker.descriptors.leaked", this.leaks, DescriptorLeaks::count)
			.description("Descriptors that the application did not close before they were garbage-collected")
			.register(registry);
		if (this.broker != null) {
			Gauge.builder("fdbroker.descriptors.waiting", this.broker, DefaultFdBroker::waitingDescriptors)
				.description("Descriptors that wait to be sent asynchronously")
				.register(registry);
		}
	}

}
