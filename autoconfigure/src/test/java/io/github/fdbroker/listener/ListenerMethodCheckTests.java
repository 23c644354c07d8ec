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

import java.net.Socket;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Parameters of listener methods that are rejected when the application starts.
 */
class ListenerMethodCheckTests {

	private static final String SEVERAL = "only an array, a List, a Collection or a Map<String, ...> can hold several "
			+ "descriptors";

	@TempDir
	Path directory;

	static Stream<Arguments> unfillable() {
		return Stream.of(Arguments.of(SEVERAL, new SetOfDescriptors()), Arguments.of(SEVERAL, new MapOfDescriptors()),
				Arguments.of(SEVERAL, new OptionalList()),
				Arguments.of("it has @Fd, but descriptors do not convert to it", new FdOfUnknownType()),
				Arguments.of("it has @Fd, but descriptors do not convert to it", new FdOnText()),
				Arguments.of("neither descriptors nor a payload can be converted to it", new Unconvertible()),
				Arguments.of("neither descriptors nor a payload can be converted to it", new OptionalMessage()),
				Arguments.of("it is not optional, and there is only one", new OptionalCredentials()),
				Arguments.of("it takes several descriptors, but @Fd names one", new NamedList()),
				Arguments.of("another parameter takes all remaining descriptors", new TwoLists()),
				Arguments.of("another parameter takes the descriptor of that name", new OneNameTwice()));
	}

	@ParameterizedTest
	@MethodSource("unfillable")
	void startWhenNoMessageFillsParameterFailsAndSaysWhy(String reason, Object listener) {
		assertRefused(listener, reason);
	}

	/**
	 * The tests run without add-opens, so channels are not the JDK's own.
	 */
	@Test
	void startWhenSocketTypeTakesOpenPackageFails() {
		assertRefused(new TakesSocket(), "java.net.Socket, which no message can fill");
	}

	@Test
	void startWhenPayloadTakesJsonAndThereIsNoneFailsAndNamesTheStarter() {
		TestApplication.with(this.directory, TakesOrder.class, new TakesOrder())
			.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("no message converter reads it; for JSON add spring-boot-starter-jackson"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "raw", "apue" })
	void startWhenFormatHasNoNamesAndListenerSelectsByNameFails(String format) {
		TestApplication.with(this.directory, TakesNamed.class, new TakesNamed())
			.withPropertyValues("fdbroker.sockets.handoff.format=" + format)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining(
						"selects descriptors by name, but those of messages of its format have no names"));
	}

	@Test
	void startWhenPayloadIsTextOrBytesTakesNoJson() {
		TestApplication.with(this.directory, TakesText.class, new TakesText())
			.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context.getBean(FdBroker.class)
				.to("handoff")
				.payload("text")
				.header("h", 1)
				.requestPayload(String.class)).isEqualTo("text"));
	}

	@SuppressWarnings("unchecked")
	private <T> void assertRefused(T listener, String reason) {
		TestApplication.with(this.directory, (Class<T>) listener.getClass(), listener)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("of handle() in " + listener.getClass().getSimpleName())
				.hasMessageContaining("which no message can fill")
				.hasMessageContaining(reason));
	}

	record Order(String item) {

	}

	static class SetOfDescriptors {

		@FdListener("handoff")
		void handle(Set<OwnedFd> descriptors) {
		}

	}

	static class TakesNamed {

		@FdListener("handoff")
		void handle(Map<String, OwnedFd> descriptors) {
		}

	}

	static class MapOfDescriptors {

		@FdListener("handoff")
		void handle(Map<Integer, OwnedFd> descriptors) {
		}

	}

	static class OptionalList {

		@FdListener("handoff")
		void handle(Optional<List<OwnedFd>> descriptors) {
		}

	}

	static class FdOfUnknownType {

		@FdListener("handoff")
		void handle(@Fd("x") ZipFile file) {
		}

	}

	static class FdOnText {

		@FdListener("handoff")
		void handle(@Fd("x") String text) {
		}

	}

	static class Unconvertible {

		@FdListener("handoff")
		void handle(AsynchronousFileChannel channel) {
		}

	}

	static class OptionalMessage {

		@FdListener("handoff")
		void handle(Optional<FdMessage> message) {
		}

	}

	static class OptionalCredentials {

		@FdListener("handoff")
		void handle(Optional<PeerCredentials> peer) {
		}

	}

	static class NamedList {

		@FdListener("handoff")
		void handle(@Fd("x") List<OwnedFd> descriptors) {
		}

	}

	static class TwoLists {

		@FdListener("handoff")
		void handle(List<OwnedFd> descriptors, Map<String, OwnedFd> others) {
		}

	}

	static class OneNameTwice {

		@FdListener("handoff")
		void handle(@Fd("x") OwnedFd one, @Fd("x") OwnedFd other) {
		}

	}

	static class TakesSocket {

		@FdListener("handoff")
		void handle(Socket socket) {
		}

	}

	static class TakesOrder {

		@FdListener("handoff")
		void handle(Order order) {
		}

	}

	static class TakesText {

		@FdListener("handoff")
		String handle(byte[] bytes, @Payload String text, Optional<String> optional, @Header("h") int header) {
			return (bytes.length == text.length() && optional.isPresent()) ? text : "different";
		}

	}

}
