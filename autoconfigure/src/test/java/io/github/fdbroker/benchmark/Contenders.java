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

package io.github.fdbroker.benchmark;

import java.io.FileInputStream;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.management.ThreadMXBean;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.autoconfigure.actuate.FdBrokerEndpointAutoConfiguration;
import io.github.fdbroker.autoconfigure.health.FdBrokerHealthContributorAutoConfiguration;
import io.github.fdbroker.autoconfigure.metrics.FdBrokerMetricsAutoConfiguration;
import io.github.fdbroker.autoconfigure.observation.FdBrokerObservationAutoConfiguration;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.system.Descriptors;

/**
 * fdbroker as an application uses it.
 */
final class Contenders implements AutoCloseable {

	/** Adds what the optional libraries bring. */
	static final String OPTIONAL = "spring.profiles.include=optional";

	private static final int RESTRICTED_NATIVE_ACCESS = 22;

	private static final byte[] PAYLOAD = new byte[64];

	private final ConfigurableApplicationContext context;

	private final Path directory;

	private Contenders(ConfigurableApplicationContext context, Path directory) {
		this.context = context;
		this.directory = directory;
	}

	static List<String> transports() {
		return List.of(System.getProperty("transports", "native,junixsocket").split(","));
	}

	/**
	 * Return how many bytes the threads of a socket have allocated.
	 */
	static long allocatedBytes(String socket) {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("fd-" + socket + "-"))
			.mapToLong((thread) -> Math.max(0, threads.getThreadAllocatedBytes(thread.getId())))
			.sum();
	}

	static Contenders listening(Path directory, String transport, String... more) {
		List<String> properties = new ArrayList<>(
				List.of("fdbroker.directory=" + directory, "fdbroker.transport=" + transport,
						"spring.profiles.active=raw", "fdbroker.held-descriptors.per-connection=256"));
		for (String socket : List.of("owned", "typed")) {
			properties.addAll(List.of("fdbroker.sockets." + socket + ".path=" + socket,
					"fdbroker.sockets." + socket + ".format=raw",
					"fdbroker.sockets." + socket + ".max-descriptors=253"));
		}
		properties.addAll(List.of(more));
		return new Contenders(run(properties), directory);
	}

	static Contenders sending(Path path, String transport, String format, String... properties) {
		List<String> all = new ArrayList<>(List.of("fdbroker.peers.peer.path=" + path,
				"fdbroker.peers.peer.format=" + format, "fdbroker.transport=" + transport));
		all.addAll(List.of(properties));
		return new Contenders(run(all), path);
	}

	/**
	 * Start a process whose listener replies requests.
	 */
	static PeerProcess startServer(Path path, String transport, String... properties) throws Exception {
		List<String> command = java(Server.class);
		command.addAll(List.of("fdbroker.sockets.server.path=" + path, "fdbroker.transport=" + transport));
		command.addAll(List.of(properties));
		PeerProcess server = PeerProcess.start(command);
		server.readLine();
		return server;
	}

	/**
	 * Return the command that runs a class as this process runs.
	 */
	static List<String> java(Class<?> type) {
		List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
		if (Runtime.version().feature() >= RESTRICTED_NATIVE_ACCESS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), type.getName()));
		return command;
	}

	Path path(String socket) {
		return this.directory.resolve(socket);
	}

	void send(int count) throws Exception {
		FdBroker broker = this.context.getBean(FdBroker.class);
		try (OwnedFd descriptor = nullDevice()) {
			OutgoingFdMessage message = OutgoingFdMessage.builder()
				.payload(new byte[16])
				.descriptor(descriptor)
				.build();
			for (int i = 0; i < count; i++) {
				broker.to("peer").message(message).send();
			}
		}
	}

	/**
	 * Send from several threads without waiting, with so many messages under way of each.
	 */
	void sendAsync(int count, int threads, int outstanding) throws Exception {
		FdBroker broker = this.context.getBean(FdBroker.class);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		List<CompletableFuture<Void>> done = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			done.add(CompletableFuture.runAsync(() -> sendAsync(broker, count / threads, outstanding), executor));
		}
		done.forEach(CompletableFuture::join);
		executor.shutdown();
	}

	private void sendAsync(FdBroker broker, int count, int outstanding) {
		Semaphore free = new Semaphore(outstanding);
		AtomicReference<Throwable> failed = new AtomicReference<>();
		try (OwnedFd descriptor = nullDevice()) {
			OutgoingFdMessage message = OutgoingFdMessage.builder()
				.payload(new byte[16])
				.descriptor(descriptor)
				.build();
			for (int i = 0; i < count; i++) {
				free.acquire();
				broker.to("peer").message(message).sendAsync().whenComplete((sent, failure) -> {
					if (failure != null) {
						failed.set(failure);
					}
					free.release();
				});
			}
			free.acquire(outstanding);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		if (failed.get() != null) {
			throw new IllegalStateException(failed.get());
		}
	}

	/**
	 * Send requests from several threads.
	 * @return the seconds, and the 99th and the 99.9th percentile of a request in
	 * microseconds
	 */
	double[] request(int count, int clients) throws Exception {
		FdBroker broker = this.context.getBean(FdBroker.class);
		double[] times = new double[count * clients];
		ExecutorService threads = Executors.newFixedThreadPool(clients);
		long start = System.nanoTime();
		List<CompletableFuture<Void>> done = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			int first = i * count;
			done.add(CompletableFuture.runAsync(() -> request(broker, times, first, count), threads));
		}
		done.forEach(CompletableFuture::join);
		double seconds = (System.nanoTime() - start) / 1e9;
		threads.shutdown();
		Arrays.sort(times);
		return new double[] { seconds, times[(int) (times.length * 0.99)], times[(int) (times.length * 0.999)] };
	}

	private void request(FdBroker broker, double[] times, int first, int count) {
		try (OwnedFd descriptor = nullDevice()) {
			OutgoingFdMessage request = OutgoingFdMessage.builder().payload(PAYLOAD).descriptor(descriptor).build();
			for (int i = first; i < first + count; i++) {
				long start = System.nanoTime();
				broker.to("peer").message(request).request().close();
				times[i] = (System.nanoTime() - start) / 1e3;
			}
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private OwnedFd nullDevice() throws Exception {
		try (FileInputStream file = new FileInputStream("/dev/null")) {
			return this.context.getBean(FdConverters.class).adopt(Descriptors.duplicate(file.getFD()));
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	private static ConfigurableApplicationContext run(List<String> properties) {
		return new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.properties("logging.level.root=warn")
			.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	/**
	 * The application.
	 */
	@SpringBootConfiguration
	@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
	@Import(Contenders.Optional.class)
	static class Application {

		@Bean
		@Profile("raw")
		RawListener rawListener() {
			return new RawListener();
		}

		@Bean
		@Profile("counter")
		Counter counter(@Value("${count}") int count) {
			return new Counter(count);
		}

		@Bean
		@Profile("server")
		Echo echo() {
			return new Echo();
		}

	}

	/**
	 * What an application has that has the optional libraries but nothing to report to.
	 */
	@Configuration(proxyBeanMethods = false)
	@Profile("optional")
	@ImportAutoConfiguration({ FdBrokerMetricsAutoConfiguration.class, FdBrokerObservationAutoConfiguration.class,
			FdBrokerEndpointAutoConfiguration.class, FdBrokerHealthContributorAutoConfiguration.class })
	static class Optional {

		@Bean
		ObservationRegistry withoutHandlers() {
			return ObservationRegistry.create();
		}

	}

	/**
	 * Closes what comes, and prints how long each so many messages take.
	 */
	static class Counter {

		private final int count;

		private int received;

		private long start;

		Counter(int count) {
			this.count = count;
		}

		@FdListener("server")
		synchronized void count(OwnedFd descriptor) {
			if (this.received == 0) {
				this.start = System.nanoTime();
			}
			this.received++;
			if (this.received == this.count) {
				System.out.println((System.nanoTime() - this.start) / 1e9);
				this.received = 0;
			}
		}

	}

	/**
	 * Takes what the C sender sends.
	 */
	static class RawListener {

		@FdListener("owned")
		void owned(OwnedFd descriptor) {
		}

		@FdListener("typed")
		void typed(FileChannel channel, @Payload String payload, PeerCredentials peer) {
		}

	}

	/**
	 * Replies to a request with the request's own payload and descriptor.
	 */
	static class Echo {

		@FdListener("server")
		FdMessage echo(FdMessage message) {
			return message;
		}

	}

	/**
	 * The other process.
	 */
	static final class Server {

		private Server() {
		}

		public static void main(String[] args) {
			run(List.of(args));
			System.out.println("ready");
		}

	}

}
