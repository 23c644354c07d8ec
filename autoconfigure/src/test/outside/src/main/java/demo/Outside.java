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

package demo;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;

import io.github.fdbroker.FdEvent;

@SpringBootApplication
@EnableMethodSecurity
public class Outside {

	final List<FdEvent> events = new CopyOnWriteArrayList<>();

	final List<String> observations = new CopyOnWriteArrayList<>();

	final List<String> traces = new CopyOnWriteArrayList<>();

	@EventListener
	void on(FdEvent event) {
		this.events.add(event);
	}

	@Bean
	ObservationHandler<Observation.Context> recorder() {
		return new ObservationHandler<>() {

			@Override
			@SuppressWarnings("unchecked")
			public void onStart(Observation.Context context) {
				if (context instanceof SenderContext<?> sender) {
					((SenderContext<Object>) sender).getSetter().set(sender.getCarrier(), "traceparent", "trace of the sender");
				}
				if (context instanceof ReceiverContext<?> receiver) {
					Outside.this.traces.add(String.valueOf(((ReceiverContext<Object>) receiver).getGetter().get(receiver.getCarrier(), "traceparent")));
				}
			}

			@Override
			public void onStop(Observation.Context context) {
				Outside.this.observations.add(context.getName());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		};
	}

	public static void main(String[] arguments) {
		SpringApplication.run(Outside.class, arguments);
	}

}
