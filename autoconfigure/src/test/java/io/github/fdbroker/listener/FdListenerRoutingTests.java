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

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Several listener methods for one socket.
 */
class FdListenerRoutingTests {

	@TempDir
	Path directory;

	@Test
	void messageWhenHeadersMatchGoesToThatMethod() {
		application(ByHeader.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			assertThat(broker.to("handoff").header("op", "open").requestPayload(String.class)).isEqualTo("open");
			assertThat(broker.to("handoff").header("op", "close").header("force", "").requestPayload(String.class))
				.isEqualTo("forced close");
			assertThat(broker.to("handoff").header("op", "close").requestPayload(String.class)).isEqualTo("close");
		});
	}

	@Test
	void messageWhenNoMethodMatchesIsAnsweredWithErrorAndConnectionGoesOn() {
		application(ByHeader.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(
							() -> broker.to("handoff").header("op", "burn").descriptor(Path.of("/dev/null")).request())
					.withMessageContaining("No listener of socket 'handoff' takes this message")
					.withMessageContaining("[op=open]");
			}
			assertThat(broker.to("handoff").header("op", "open").requestPayload(String.class)).isEqualTo("open");
		});
	}

	@Test
	void messageWhenPayloadsAreOfDifferentClassesGoesToTheMethodForItsClass() {
		application(ByType.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			assertThat(broker.to("handoff").payload(new Order("tea")).requestPayload(String.class))
				.isEqualTo("order tea");
			assertThat(broker.to("handoff").payload(new Refund(7)).requestPayload(String.class)).isEqualTo("refund 7");
			assertThat(broker.to("handoff").payload("plain").requestPayload(String.class)).isEqualTo("text plain");
			assertThat(broker.to("handoff")
				.payload("{\"number\":8}")
				.header("payload-type", "Refund")
				.requestPayload(String.class)).isEqualTo("refund 8");
			assertThatExceptionOfType(FdRemoteException.class)
				.isThrownBy(() -> broker.to("handoff").header("payload-type", "Void").request())
				.withMessageContaining("No listener of socket 'handoff' takes this message");
		});
	}

	@Test
	void messageWhenMethodsAreOfSeveralBeansGoesToTheRightOne() {
		application(First.class).withBean(Second.class).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			assertThat(broker.to("handoff").header("to", "first").requestPayload(String.class)).isEqualTo("first");
			assertThat(broker.to("handoff").header("to", "second").requestPayload(String.class)).isEqualTo("second");
		});
	}

	@Test
	void messageWhenMethodOfLazyBeanMatchesIsServedOnceTheBeanIsThere() {
		application(First.class)
			.withBean("lazy", Second.class, Second::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				FdBroker broker = context.getBean(FdBroker.class);
				assertThatExceptionOfType(FdRemoteException.class)
					.isThrownBy(() -> broker.to("handoff").header("to", "second").request());
				context.getBean(Second.class);
				assertThat(broker.to("handoff").header("to", "second").requestPayload(String.class))
					.isEqualTo("second");
			});
	}

	@Test
	void startWhenMessageMayBeForTwoMethodsFailsAndNamesBoth() {
		application(Overlapping.class).run((context) -> assertThat(context).getFailure()
			.isInstanceOf(FdConfigurationException.class)
			.hasMessageContaining("Overlapping.open()")
			.hasMessageContaining("Overlapping.other()")
			.hasMessageContaining("a message could match both"));
	}

	@Test
	void startWhenFormatHasNoHeadersFails() {
		application(ByType.class).withPropertyValues("fdbroker.sockets.handoff.format=raw")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("messages of its format have no headers to distinguish them"));
		application(First.class).withPropertyValues("fdbroker.sockets.handoff.format=raw")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining(
						"Listener First.first() of socket 'handoff' requires the headers [to=first], but"));
	}

	private ApplicationContextRunner application(Class<?> listener) {
		return TestApplication.withoutListener(this.directory).withBean(listener);
	}

	record Order(String item) {

	}

	record Refund(int number) {

	}

	static class ByHeader {

		@FdListener(value = "handoff", headers = "op=open")
		String open() {
			return "open";
		}

		@FdListener(value = "handoff", headers = { "op=close", "!force" })
		String close() {
			return "close";
		}

		@FdListener(value = "handoff", headers = { "op=${operation:close}", "force" })
		String forcedClose() {
			return "forced close";
		}

	}

	static class ByType {

		@FdListener("handoff")
		String order(Order order) {
			return "order " + order.item();
		}

		@FdListener("handoff")
		String refund(Refund refund) {
			return "refund " + refund.number();
		}

		@FdListener("handoff")
		String text(String text) {
			return "text " + text;
		}

	}

	static class First {

		@FdListener(value = "handoff", headers = "to=first")
		String first() {
			return "first";
		}

	}

	static class Second {

		@FdListener(value = "handoff", headers = "to=second")
		String second() {
			return "second";
		}

	}

	static class Overlapping {

		@FdListener(value = "handoff", headers = "op=open")
		void open() {
		}

		@FdListener(value = "handoff", headers = "op!=close")
		void other() {
		}

	}

}
