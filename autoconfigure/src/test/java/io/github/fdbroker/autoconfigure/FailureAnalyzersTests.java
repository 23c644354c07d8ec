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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyzers: each failure is caused by a real application that does
 * not start, and explained by the analyzers that Spring Boot finds.
 */
class FailureAnalyzersTests {

	@TempDir
	Path directory;

	@Test
	void analysisWhenSocketUnknownNamesProperty() {
		FailureAnalysis analysis = analyze(new Unknown());
		assertThat(analysis.getDescription()).contains("Unknown.handle()", "'nowhere'");
		assertThat(analysis.getAction()).contains("fdbroker.sockets.nowhere.path", "[handoff]");
	}

	@Test
	void analysisWhenDescriptorIsNotPassedNamesProperty() {
		FailureAnalysis analysis = analyze(new Unknown(), "fdbroker.sockets.nowhere.descriptor=1048576");
		assertThat(analysis.getDescription()).contains("fdbroker.sockets.nowhere.descriptor",
				"Descriptor 1048576 is not open in this process", "inetd");
	}

	@Test
	void analysisWhenTwoListenersNamesBoth() {
		FailureAnalysis analysis = analyze(new Twice());
		assertThat(analysis.getDescription()).contains("'handoff'", "Twice.first()", "Twice.second()");
		assertThat(analysis.getAction()).contains("fdbroker.sockets.handoff");
	}

	@Test
	void analysisWhenPathServedNamesPath() {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		TestApplication.with(this.directory, Plain.class, new Plain())
			.run((context) -> analysis[0] = analyze(new Plain()));
		assertThat(analysis[0].getDescription()).contains("'handoff'", this.directory.resolve("handoff").toString());
		assertThat(analysis[0].getDescription()).contains("socket 'handoff' of this process");
		assertThat(analysis[0].getAction()).contains("Close the other application context");
	}

	@Test
	void analysisWhenPathIsNoSocketSaysSo() throws Exception {
		Files.writeString(this.directory.resolve("handoff"), "precious");
		FailureAnalysis analysis = analyze(new Plain());
		assertThat(analysis.getDescription()).contains("not a socket");
		assertThat(analysis.getAction()).contains("choose another path");
		assertThat(this.directory.resolve("handoff")).hasContent("precious");
	}

	@Test
	void analysisWhenUserUnknownNamesUser() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.sockets.handoff.allow.users=no-such-user");
		assertThat(analysis.getDescription()).contains("fdbroker.sockets.handoff.allow.users", "user 'no-such-user'");
		assertThat(analysis.getAction()).contains("Correct the name");
	}

	@Test
	void analysisWhenGroupUnknownNamesGroup() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.sockets.handoff.group=no-such-group");
		assertThat(analysis.getDescription()).contains("fdbroker.sockets.handoff.group", "group 'no-such-group'");
	}

	@Test
	void analysisWhenSenderOfDatagramsCannotBeToldSaysWhatToDo() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.transport=junixsocket",
				"fdbroker.sockets.handoff.type=datagram", "fdbroker.sockets.handoff.allow.uids=65534");
		assertThat(analysis.getDescription()).contains("'junixsocket' cannot identify the sender", "'handoff'",
				"fdbroker.sockets.handoff.allow");
		assertThat(analysis.getAction()).contains("directory, mode and group", "'seqpacket'", "'native'");
	}

	@Test
	void analysisWhenNameIsAbstractNamesReasonAndProperty() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.sockets.handoff.path=@name");
		assertThat(analysis.getDescription()).contains("@name", "it has no permissions",
				"fdbroker.sockets.handoff.allow-abstract-name=true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "fdbroker.directory=${NO_SUCH_VARIABLE}", "fdbroker.directory=/x/${A:${NO_SUCH_VARIABLE}}",
			"fdbroker.sockets.handoff.path=${NO_SUCH_VARIABLE}/s",
			"fdbroker.peers.handoff.path=${NO_SUCH_VARIABLE}/s" })
	void analysisWhenVariableIsNotSetNamesIt(String property) {
		FailureAnalysis analysis = analyze(new Plain(), property);
		assertThat(analysis.getDescription()).contains(property.substring(0, property.indexOf('=')),
				"the variable or property NO_SUCH_VARIABLE is not set");
	}

	@Test
	void analysisWhenDirectoryIsAListSaysSo() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.directory=/run/one:/run/two");
		assertThat(analysis.getDescription()).contains("fdbroker.directory", "RuntimeDirectory=");
	}

	@Test
	void analysisWhenPeerHasNoPathSaysSo() {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker.peers.other.type=stream");
		assertThat(analysis.getDescription()).contains("fdbroker.peers.other.path", "a peer needs the path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "held-descriptors.per-connection=0", "held-descriptors.per-user=-1",
			"held-descriptors.total=0", "sockets.handoff.send-timeout=-1s", "peers.handoff.send-timeout=-1s",
			"peers.handoff.connect-timeout=-1s", "peers.handoff.reply-timeout=0s", "children.c.send-timeout=-1s",
			"sockets.handoff.backlog=0", "sockets.handoff.idle-timeout=0s" })
	void analysisWhenLimitMakesNoSenseNamesProperty(String property) {
		FailureAnalysis analysis = analyze(new Plain(), "fdbroker." + property);
		assertThat(analysis.getDescription()).contains("fdbroker." + property.substring(0, property.indexOf('=')),
				"it must");
	}

	@Test
	void analysisWhenNoSocketIsConfiguredSaysNone() {
		FailureAnalysis analysis = analyze(
				new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
					.withBean(Unknown.class));
		assertThat(analysis.getAction()).endsWith("that are configured: none.");
	}

	private <T> FailureAnalysis analyze(T listener, String... properties) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) listener.getClass();
		return analyze(TestApplication.with(this.directory, type, listener).withPropertyValues(properties));
	}

	private static FailureAnalysis analyze(ApplicationContextRunner application) {
		Throwable[] failure = new Throwable[1];
		application.run((context) -> {
			assertThat(context).hasFailed();
			failure[0] = context.getStartupFailure();
		});
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader
			.forDefaultResourceLocation(FailureAnalyzersTests.class.getClassLoader())
			.load(FailureAnalyzer.class, (type1, name, cause) -> {
			});
		return analyzers.stream()
			.map((analyzer) -> analyzer.analyze(failure[0]))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nobody explains", failure[0]));
	}

	static class Unknown {

		@FdListener("nowhere")
		void handle(OwnedFd descriptor) {
		}

	}

	static class Twice {

		@FdListener("handoff")
		void first(OwnedFd descriptor) {
		}

		@FdListener("handoff")
		void second(OwnedFd descriptor) {
		}

	}

	static class Plain {

		@FdListener("handoff")
		void handle(OwnedFd descriptor) {
		}

	}

}
