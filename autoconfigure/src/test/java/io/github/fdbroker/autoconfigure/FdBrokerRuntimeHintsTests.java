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

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.LibcBinding;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdBrokerRuntimeHints}, and for the hints that the annotation brings.
 */
class FdBrokerRuntimeHintsTests {

	private static final MemberCategory[] ALL_MEMBERS = { MemberCategory.INVOKE_DECLARED_CONSTRUCTORS,
			MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.ACCESS_DECLARED_FIELDS };

	private static final Pattern LOOK_UP = Pattern.compile("[fF]orName\\(PACKAGE|ClassName\\(|JdkChannels\\.get\\(");

	private static final Pattern PACKAGE = Pattern.compile("PACKAGE = \"([\\w.]+\\.)\"");

	private static final Pattern NAME_IN_PACKAGE = Pattern
		.compile("(?:forName\\(PACKAGE \\+ |\\btype\\(|\\bcreate\\()\"([\\w$]+)\"");

	private static final Pattern FULL_NAME = Pattern.compile("\"((?:sun\\.nio|java\\.net)[\\w.]*\\.[A-Z]\\w*)\"");

	private static final Pattern CLASS_OF_FIELD = Pattern.compile("JdkChannels\\.get\\([^;]*");

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void register() {
		new FdBrokerRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
	}

	@ParameterizedTest
	@MethodSource("lookUps")
	void hintsWhenSourceLooksUpByNameCoverEachClass(Path source) throws IOException {
		Set<String> names = namesLookedUp(Files.readString(source));
		assertThat(names).isNotEmpty().allSatisfy((name) -> assertHinted(name));
	}

	@Test
	void hintsWhenSourceHasDescriptorInFieldCoverItsClass() throws Exception {
		try (DatagramChannel channel = DatagramChannel.open();
				FileChannel file = FileChannel.open(Path.of("pom.xml"));
				AsynchronousFileChannel asynchronous = AsynchronousFileChannel.open(Path.of("pom.xml"))) {
			assertHinted(channel.getClass().getName());
			assertHinted(channel.socket().getClass().getName());
			assertHinted(file.getClass().getName());
			assertHinted(asynchronous.getClass().getSuperclass().getName());
		}
	}

	@Test
	void hintsWhenRegisteredCoverNativeMethodOfJna() {
		assertHinted(LibcBinding.NATIVE);
		assertThat(this.hints.jni().getTypeHint(TypeReference.of(LibcBinding.NATIVE))).isNotNull();
	}

	@Test
	void hintsWhenRegisteredCoverModes() throws Exception {
		assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(SocketMode.class.getMethod("of", String.class)))
			.accepts(this.hints);
	}

	static List<Path> lookUps() throws IOException {
		List<Path> lookUps = new ArrayList<>();
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			for (Path source : sources.filter(Files::isRegularFile).toList()) {
				if (LOOK_UP.matcher(Files.readString(source)).find()) {
					lookUps.add(source);
				}
			}
		}
		return lookUps;
	}

	private static Set<String> namesLookedUp(String source) {
		Set<String> names = new TreeSet<>();
		matches(FULL_NAME, source).forEach((match) -> names.add(match.group(1)));
		matches(PACKAGE, source).forEach((start) -> matches(NAME_IN_PACKAGE, source)
			.forEach((match) -> names.add(start.group(1) + match.group(1))));
		matches(CLASS_OF_FIELD, source).forEach((call) -> matches(Pattern.compile("(\\w+)\\.class"), call.group())
			.forEach((match) -> names.add("java.net." + match.group(1))));
		return names;
	}

	private static Stream<MatchResult> matches(Pattern pattern, String text) {
		return pattern.matcher(text).results();
	}

	private void assertHinted(String name) {
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name)).withMemberCategories(ALL_MEMBERS))
			.as(name)
			.accepts(this.hints);
	}

	@Test
	void hintsWhenListenerAnnotatedCoverItsMethod() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, Listener.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Listener.class.getDeclaredMethod("handle", OwnedFd.class))).accepts(hints);
	}

	static class Listener {

		@FdListener("handoff")
		void handle(OwnedFd descriptor) {
		}

	}

}
