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

package io.github.fdbroker.autoconfigure.observation;

import java.nio.file.Path;
import java.util.Optional;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.SdkTracerProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

/**
 * An application with an OpenTelemetry tracer, whose listener replies with the trace, the
 * span and the parent of its call. As a process of its own it serves until its standard
 * input ends.
 */
final class TracedApplication {

	private TracedApplication() {
	}

	static ApplicationContextRunner runner(Path directory) {
		return TestApplication.with(directory, Listener.class, new Listener())
			.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
					FdBrokerObservationAutoConfiguration.class))
			.withUserConfiguration(Tracing.class);
	}

	public static void main(String[] arguments) {
		runner(Path.of(arguments[0])).run((context) -> {
			context.getBean(Listener.class).tracer = context.getBean(Tracer.class);
			System.out.println("ready");
			System.in.read();
		});
	}

	static class Listener {

		private volatile Tracer tracer;

		@FdListener(TestApplication.SOCKET)
		String receive() {
			Span span = Optional.ofNullable(this.tracer.currentSpan()).orElse(Span.NOOP);
			return span.context().traceId() + " " + ProcessHandle.current().pid();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Tracing {

		private final io.opentelemetry.api.trace.Tracer tracer = SdkTracerProvider.builder()
			.build()
			.get("fdbroker-tests");

		@Bean
		Tracer tracer() {
			return new OtelTracer(this.tracer, new OtelCurrentTraceContext(), (event) -> {
			});
		}

		@Bean
		@Order(0)
		PropagatingReceiverTracingObservationHandler<?> receiver(Tracer tracer) {
			return new PropagatingReceiverTracingObservationHandler<>(tracer, propagator());
		}

		@Bean
		@Order(1)
		PropagatingSenderTracingObservationHandler<?> sender(Tracer tracer) {
			return new PropagatingSenderTracingObservationHandler<>(tracer, propagator());
		}

		@Bean
		@Order(2)
		DefaultTracingObservationHandler others(Tracer tracer) {
			return new DefaultTracingObservationHandler(tracer);
		}

		private OtelPropagator propagator() {
			return new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), this.tracer);
		}

	}

}
