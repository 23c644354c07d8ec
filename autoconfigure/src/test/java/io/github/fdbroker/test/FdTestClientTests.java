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

package io.github.fdbroker.test;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FdTestClient} and {@link FdTestServer} without an application.
 */
class FdTestClientTests {

	private static final long OTHER_USER = 65534;

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource
	void requestWhenOfEachFormatAndTypeIsReplied(String format, SocketType type) {
		Path path = this.directory.resolve("s");
		try (FdTestServer server = FdTestServer.at(path)
			.format(format)
			.type(type)
			.replyWith((message, sender) -> FdTest.descriptor("content of " + message.text()))
			.start(); FdTestClient client = FdTestClient.to(path).format(format).type(type).open()) {
			assertThat(client.request("name")).hasDescriptors(1)
				.descriptor(0)
				.hasContent("content of name")
				.isReadOnly();
			assertThat(server.receive()).hasPayload("name").isFromUser(0);
		}
	}

	static Stream<Arguments> requestWhenOfEachFormatAndTypeIsReplied() {
		return Stream.of("frame", "raw", "apue")
			.flatMap((format) -> Stream.of(SocketType.values()).map((type) -> Arguments.of(format, type)));
	}

	@Test
	void datagramWhenOfOtherUserIsOfItsProcess() {
		Path path = this.directory.resolve("s");
		try (FdTestServer server = FdTestServer.at(path)
			.type(SocketType.DATAGRAM)
			.property("mode", "0666")
			.property("allow.uids", OTHER_USER)
			.start();
				FdTestClient client = FdTestClient.to(path)
					.type(SocketType.DATAGRAM)
					.property("expect.uids", 0)
					.asUser(OTHER_USER)
					.open();
				OwnedFd content = FdTest.descriptor("x")) {
			client.send("datagram", content);
			assertThat(server.receive()).hasPayload("datagram").isFromUser(OTHER_USER).descriptor(0).hasContent("x");
		}
	}

	@Test
	void resultsWhenServerIsMissingRefusesOrEndsSaySo() {
		Path path = this.directory.resolve("s");
		try (FdTestClient client = FdTestClient.to(path).property("connect-timeout", "10ms").open()) {
			assertThat(client.request("x")).isClosed();
			assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> client.send("x"));
		}
		try (FdTestServer server = FdTestServer.at(path).property("max-descriptors", 1).start();
				FdTestClient client = FdTestClient.to(path).open();
				OwnedFd one = FdTest.descriptor("1")) {
			assertThat(client.request("x", one)).hasPayload("");
			assertThat(client.request("x", one, one)).hasErrorType(FdLimitException.class)
				.hasErrorContaining("max-descriptors");
			assertThat(client.receive()).isClosed();
			assertThat(server.receive()).hasDescriptors(1);
			assertThat(server.isEmpty()).isTrue();
		}
	}

	@Test
	void serverWhenItThrowsSendsError() {
		Path path = this.directory.resolve("s");
		try (FdTestServer server = FdTestServer.at(path).start(); FdTestClient client = FdTestClient.to(path).open()) {
			server.replyWith((message, sender) -> {
				throw new IllegalStateException("broken");
			});
			assertThat(client.request("x")).isError()
				.hasErrorType(IllegalStateException.class)
				.hasErrorContaining("broken")
				.hasErrorStatus(0);
			server.replyWith((message, sender) -> List.of(FdTest.descriptor("1"), FdTest.descriptor("2")));
			assertThat(client.request("x")).hasDescriptors(2).descriptor(1).hasContent("2");
		}
	}

}
