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

package io.github.fdbroker.listener;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Containers that are started, stopped and added while the application runs.
 */
class FdListenerRegistryTests {

	private static final int SOCKETS = 120;

	private static final int THREADS = 4;

	@TempDir
	Path directory;

	@Test
	void containerWhenStoppedAndStartedServesAgain() {
		application().withBean(Plain.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			FdListenerContainer container = context.getBean(FdListenerRegistry.class).container("handoff");
			assertThat(container.isRunning()).isTrue();
			container.start();
			container.stop().join();
			assertThat(container.isRunning()).isFalse();
			assertThat(this.directory.resolve("handoff")).doesNotExist();
			assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> broker.to("handoff").request());
			container.start();
			assertThat(broker.to("handoff").requestPayload(String.class)).isEqualTo("plain");
		});
	}

	@Test
	void containerWhenNotStartedAutomaticallyServesOnceStarted() {
		application().withBean(Plain.class)
			.withPropertyValues("fdbroker.sockets.handoff.auto-startup=false")
			.run((context) -> {
				assertThat(this.directory.resolve("handoff")).doesNotExist();
				FdListenerContainer container = context.getBean(FdListenerRegistry.class).container("handoff");
				assertThat(container.isRunning()).isFalse();
				container.start();
				assertThat(context.getBean(FdBroker.class).to("handoff").requestPayload(String.class))
					.isEqualTo("plain");
			});
		assertThat(this.directory.resolve("handoff")).doesNotExist();
	}

	@Test
	void handlerWhenRegisteredInCodeReceivesMessagesAndItsReplyGoesBack() {
		application().run((context) -> {
			FdListenerRegistry registry = context.getBean(FdListenerRegistry.class);
			FdListenerContainer container = registry.register("handoff", (message, sender) -> message.text() + " from "
					+ sender.credentials().uid() + " with " + message.descriptor(0).kind());
			assertThat(container.isRunning()).isTrue();
			assertThat(context.getBean(FdBroker.class)
				.to("handoff")
				.payload("text")
				.descriptor(Path.of("/dev/null"))
				.requestPayload(String.class)).startsWith("text from ").contains(" with ");
			assertThatExceptionOfType(FdConfigurationException.class)
				.isThrownBy(() -> registry.register("handoff", (message, sender) -> null))
				.withMessageContaining("has two listeners");
			assertThatExceptionOfType(FdConfigurationException.class)
				.isThrownBy(() -> registry.register("nowhere", (message, sender) -> null))
				.withMessageContaining("names the socket 'nowhere', which is not configured");
		});
	}

	@Test
	void registerWhenThreadsDoSoWhileTheRegistryStartsAndIsReadServesAndStopsAll() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			sockets().run((context) -> {
				FdListenerRegistry registry = context.getBean(FdListenerRegistry.class);
				registry.stop();
				List<Future<?>> registered = new ArrayList<>();
				for (int i = 0; i < SOCKETS; i++) {
					String name = "s" + i;
					registered.add(threads.submit(() -> registry.register(name, (message, sender) -> name)));
				}
				registry.start();
				for (Future<?> future : registered) {
					registry.containers().forEach(FdListenerContainer::connections);
					future.get();
				}
				assertThat(registry.containers()).hasSize(SOCKETS).allMatch(FdListenerContainer::isRunning);
			});
		}
		finally {
			threads.shutdownNow();
		}
		try (var files = Files.list(this.directory)) {
			assertThat(files).allMatch((file) -> file.toString().endsWith(".lock"));
		}
	}

	@Test
	void listenerWhenFoundByAnyThreadWhileTheApplicationStartsIsServed() throws Exception {
		AtomicInteger next = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			sockets().run((context) -> {
				FdListenerAnnotationBeanPostProcessor processor = new FdListenerAnnotationBeanPostProcessor(
						context.getBeanProvider(FdListenerRegistry.class));
				processor.setEmbeddedValueResolver((value) -> "s" + next.getAndIncrement());
				List<Future<?>> found = new ArrayList<>();
				for (int i = 0; i < SOCKETS; i++) {
					found.add(threads.submit(() -> processor.postProcessAfterInitialization(new Plain(), "plain")));
				}
				processor.afterSingletonsInstantiated();
				for (Future<?> future : found) {
					future.get();
				}
				assertThat(context.getBean(FdListenerRegistry.class).containers()).hasSize(SOCKETS)
					.allMatch(FdListenerContainer::isRunning);
			});
		}
		finally {
			threads.shutdownNow();
		}
	}

	private ApplicationContextRunner application() {
		return TestApplication.withoutListener(this.directory);
	}

	private ApplicationContextRunner sockets() {
		ApplicationContextRunner runner = application();
		for (int i = 0; i < SOCKETS; i++) {
			runner = runner.withPropertyValues("fdbroker.sockets.s%d.path=s%d".formatted(i, i));
		}
		return runner;
	}

	static class Plain {

		@FdListener("handoff")
		String handle() {
			return "plain";
		}

	}

}
