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

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ApplicationContext;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One trace continues from an application that sends to another process that receives.
 */
class TraceAcrossProcessesTests {

	private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

	@TempDir
	Path directory;

	@Test
	void traceWhenRequestGoesToAnotherProcessContinuesThere() {
		try (PeerProcess server = PeerProcess.start(ChildJvm.command(TracedApplication.class, this.directory))) {
			server.awaitLine("ready");
			TracedApplication.runner(this.directory.resolve("client"))
				.withPropertyValues("fdbroker.sockets.handoff.create-directory=true",
						"fdbroker.peers.server.path=" + this.directory.resolve("handoff"))
				.run((context) -> {
					FdBroker broker = context.getBean(FdBroker.class);
					observed(context, () -> broker.to("server").requestPayload(String.class), server);
					observed(context, () -> broker.to("server").requestAsync().toCompletableFuture().join().text(),
							server);
					observed(context, () -> {
						try (FdSession session = broker.connect("server")) {
							return session.request(OutgoingFdMessage.of("x")).text();
						}
					}, server);
				});
			assertThat(Peers
				.runPython("fdframe.py", "request", this.directory.resolve("handoff"), "--header",
						"traceparent=00-" + TRACE + "-00f067aa0ba902b7-01")
				.output()).contains("reply " + TRACE);
		}
	}

	private static void observed(ApplicationContext context, Request request, PeerProcess server) {
		Observation.createNotStarted("test", context.getBean(ObservationRegistry.class)).observe(() -> {
			String trace = context.getBean(Tracer.class).currentSpan().context().traceId();
			assertThat(trace).hasSize(32);
			assertThat(request.reply()).isEqualTo(trace + " " + server.pid());
		});
	}

	/**
	 * A request to the other process.
	 */
	private interface Request {

		String reply();

	}

}
