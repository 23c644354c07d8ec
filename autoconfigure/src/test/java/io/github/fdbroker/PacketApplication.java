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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Header;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.listener.FdListenerContainer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.listener.RejectionReason;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;
import io.github.fdbroker.testsupport.Transports;

/**
 * Applications in the raw format, whose socket and peer are of a type that keeps
 * messages, and peers in C that talk to them.
 *
 * @param directory where the socket is
 * @param type the type of the socket
 */
record PacketApplication(Path directory, String type) {

	static final String C = "messages.c";

	/**
	 * Return a runner for an application with a listener.
	 */
	<T> ApplicationContextRunner with(TransportMode transport, T listener) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		return configure(TestApplication.with(this.directory, type, listener), transport);
	}

	/**
	 * Return a runner for an application without a listener.
	 */
	ApplicationContextRunner broker(TransportMode transport) {
		return configure(TestApplication.withoutListener(this.directory), transport);
	}

	private ApplicationContextRunner configure(ApplicationContextRunner runner, TransportMode transport) {
		Transports.assumeAvailable(transport);
		return runner.withPropertyValues("fdbroker.transport=" + transport,
				"fdbroker.sockets.handoff.type=" + this.type, "fdbroker.peers.handoff.type=" + this.type,
				"fdbroker.sockets.handoff.format=raw", "fdbroker.peers.handoff.format=raw");
	}

	/**
	 * Return the path of the socket.
	 */
	Path socket() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	/**
	 * Create a file for peers to pass.
	 */
	Path file(String name, String content) {
		try {
			return Files.writeString(this.directory.resolve(name), content);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run the C peer, and return what it prints.
	 */
	String c(Object... arguments) {
		return Peers.runCompiled(C, arguments).output().trim();
	}

	/**
	 * Start a C peer that receives messages at a path.
	 */
	PeerProcess serve(Path path, int count) {
		return PeerProcess.startReady(Peers.compiled(C, "serve", this.type, path, count));
	}

	static int connections(AssertableApplicationContext context) {
		return container(context).connections();
	}

	static long refusals(AssertableApplicationContext context, RejectionReason reason) {
		return container(context).counters().refusals(reason);
	}

	static long messages(AssertableApplicationContext context) {
		return container(context).counters().traffic().messagesReceived();
	}

	static long repliesDropped(AssertableApplicationContext context) {
		return container(context).counters().repliesDropped();
	}

	private static FdListenerContainer container(AssertableApplicationContext context) {
		return context.getBean(FdListenerRegistry.class).containers().iterator().next();
	}

	/**
	 * Keeps messages as text.
	 */
	static class Recorder {

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		@FdListener(TestApplication.SOCKET)
		void handle(FdMessage message,
				@Header(name = FdHeaders.SENDER_ADDRESS, required = false) @Nullable String address)
				throws IOException {
			List<String> contents = new ArrayList<>();
			for (OwnedFd descriptor : message.descriptors()) {
				// The offset of an open file description is shared.
				contents.add(Files.readString(Path.of("/dev/fd/" + descriptor.number())));
			}
			this.received.add("'" + message.text() + "' " + contents + ((address != null) ? " from " + address : ""));
		}

		@Nullable String next() throws InterruptedException {
			return this.received.poll(20, TimeUnit.SECONDS);
		}

		boolean isEmpty() {
			return this.received.isEmpty();
		}

	}

	/**
	 * Returns what it gets.
	 */
	static class Echo {

		@FdListener(TestApplication.SOCKET)
		OutgoingFdMessage handle(FdMessage message) {
			if (message.text().equals("fail")) {
				throw new IllegalArgumentException("as wanted");
			}
			OutgoingFdMessage.Builder reply = OutgoingFdMessage.builder().payload(message.text() + "!");
			message.descriptors().forEach((descriptor) -> reply.descriptor(descriptor.dup()));
			return reply.build();
		}

	}

}
