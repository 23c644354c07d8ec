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

package io.github.fdbroker.takeover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.takeover.FdTakeoverAutoConfiguration;
import io.github.fdbroker.convert.DescriptorFactory;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.testsupport.ChildJvm;

/**
 * Counts requests, over take-overs.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ FdBrokerAutoConfiguration.class, FdTakeoverAutoConfiguration.class })
class TakeoverApplication {

	private final DescriptorFactory descriptors;

	private final Environment environment;

	private final AtomicInteger count = new AtomicInteger();

	private volatile @Nullable OwnedFd memory;

	TakeoverApplication(DescriptorFactory descriptors, Environment environment) {
		this.descriptors = descriptors;
		this.environment = environment;
	}

	public static void main(String[] args) throws Exception {
		SpringApplication.run(TakeoverApplication.class, args);
		Thread.currentThread().join();
	}

	/**
	 * Return the command of a process.
	 * @param directory where its sockets are
	 * @param path the path of the socket {@code handoff}, may be empty
	 * @param arguments what the command line has in addition
	 */
	static List<String> command(Path directory, String path, String... arguments) throws IOException {
		Path control = Files.createDirectories(directory.resolve("control"));
		List<String> command = ChildJvm.command(TakeoverApplication.class, "--spring.main.banner-mode=off",
				"--fdbroker.sockets.handoff.path=" + path,
				"--fdbroker.sockets.datagrams.path=" + directory.resolve("datagrams"),
				"--fdbroker.sockets.datagrams.type=datagram", "--fdbroker.sockets.datagrams.format=raw",
				"--received=" + directory.resolve("received"), "--fdbroker.takeover.enabled=true",
				"--fdbroker.takeover.socket=" + control.resolve("socket"), "--fdbroker.takeover.start-timeout=10s");
		command.addAll(List.of(arguments));
		return command;
	}

	@FdListener("handoff")
	String handle(String payload) throws IOException {
		return switch (payload) {
			case "memory" -> memory();
			case "pid" -> String.valueOf(ProcessHandle.current().pid());
			default -> String.valueOf(this.count.incrementAndGet());
		};
	}

	@FdListener("datagrams")
	void handleDatagram(String payload) throws IOException {
		Files.writeString(Path.of(this.environment.getRequiredProperty("received")), payload + "\n",
				StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

	private String memory() throws IOException {
		OwnedFd known = this.memory;
		if (known == null) {
			known = this.descriptors.sealedMemory("state", "kept".getBytes(StandardCharsets.US_ASCII));
			this.memory = known;
			return "created";
		}
		// The offset of an open file description is shared.
		return Files.readString(Path.of("/dev/fd/" + known.number()));
	}

	@Bean
	TakeoverContributor counter() {
		return new TakeoverContributor() {

			@Override
			public OutgoingFdMessage contribute() {
				OutgoingFdMessage.Builder message = OutgoingFdMessage.builder()
					.payload(String.valueOf(TakeoverApplication.this.count));
				OwnedFd known = TakeoverApplication.this.memory;
				return ((known != null) ? message.descriptor("memory", known.dup()) : message).build();
			}

			@Override
			public void restore(FdMessage contribution) {
				TakeoverApplication.this.count.set(Integer.parseInt(contribution.text()));
				contribution.descriptor("memory")
					.ifPresent((descriptor) -> TakeoverApplication.this.memory = descriptor.into(OwnedFd.class));
				awaitFile();
			}

		};
	}

	/**
	 * Waits in the middle of a take-over if the configuration wants it.
	 */
	private void awaitFile() {
		if (this.environment.containsProperty("await")) {
			System.out.println("waits");
			Awaitility.await().until(() -> Files.exists(Path.of(this.environment.getRequiredProperty("await"))));
		}
	}

	/**
	 * Has connections to finish if the configuration wants it.
	 */
	@Bean
	@ConditionalOnProperty("unfinished")
	TakeoverParticipant unfinished() {
		return new UnfinishedConnection(this.environment.getProperty("unfinished-failures", Integer.class, 0));
	}

	/**
	 * Serves a further socket if the configuration wants it.
	 */
	@Bean
	SmartInitializingSingleton further(FdListenerRegistry registry) {
		return () -> {
			if (this.environment.containsProperty("fdbroker.sockets.further.path")) {
				registry.register("further", (message, sender) -> null);
			}
		};
	}

	/**
	 * Fails as the configuration wants it.
	 */
	@Bean
	ApplicationRunner failure() {
		return (arguments) -> {
			String failure = this.environment.getProperty("failure", "");
			if (failure.equals("exception")) {
				throw new IllegalStateException("as wanted");
			}
			if (failure.equals("hang")) {
				System.out.println("hangs");
				Thread.currentThread().join();
			}
		};
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		System.out.println("ready");
	}

	@EventListener
	void step(TakeoverEvent event) {
		System.out.println("event " + event.step());
	}

}
