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

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdBrokerRuntimeHints}, and for the hints that the annotation brings.
 */
class FdBrokerRuntimeHintsTests {

	@Test
	void hintsWhenRegisteredCoverWhatIsFoundByName() throws Exception {
		RuntimeHints hints = new RuntimeHints();
		new FdBrokerRuntimeHints().registerHints(hints, getClass().getClassLoader());
		for (String name : List.of("org.newsclub.net.unix.NativeUnixSocket",
				"org.newsclub.net.unix.AncillaryDataSupport", "sun.nio.ch.SocketChannelImpl")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onType(TypeReference.of(Class.forName(name)))
				.withMemberCategories(MemberCategory.INVOKE_DECLARED_METHODS, MemberCategory.ACCESS_DECLARED_FIELDS,
						MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
				.accepts(hints);
		}
		assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(SocketMode.class.getMethod("of", String.class)))
			.accepts(hints);
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
