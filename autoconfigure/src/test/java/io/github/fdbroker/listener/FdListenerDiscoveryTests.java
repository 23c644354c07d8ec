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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.AliasFor;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Discovery of listener beans and methods.
 */
class FdListenerDiscoveryTests {

	@TempDir
	Path directory;

	@Test
	void listenerWhenBeanIsLazyServesOnceTheBeanIsThere() {
		application().withBean("listener", Plain.class, Plain::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				assertThat(this.directory.resolve("handoff")).doesNotExist();
				context.getBean(Plain.class);
				assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("plain");
			});
		assertThat(this.directory.resolve("handoff")).doesNotExist();
	}

	@Test
	void listenerWhenBeanIsPrototypeServesItsFirstInstanceAndRefusesMore() {
		application()
			.withBean("listener", Plain.class, Plain::new,
					(definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
			.run((context) -> {
				context.getBean(Plain.class);
				assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> context.getBean(Plain.class))
					.withRootCauseInstanceOf(FdConfigurationException.class)
					.withMessageContaining("Socket 'handoff' has two listeners, Plain.handle() and Plain.handle()");
				assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("plain");
			});
	}

	@Test
	void listenerWhenLazyOneCannotStartMayBeTriedAgain() throws Exception {
		Path inTheWay = Files.createDirectory(this.directory.resolve("handoff"));
		application().withBean("listener", Plain.class, Plain::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				assertThatExceptionOfType(Exception.class).isThrownBy(() -> context.getBean(Plain.class))
					.withStackTraceContaining("FdConfigurationException");
				Files.delete(inTheWay);
				context.getBean(Plain.class);
				assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("plain");
			});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void listenerWhenBeanIsProxiedIsCalledThroughItsProxy(boolean classProxy) {
		MethodInterceptor interceptor = (invocation) -> "proxied " + invocation.proceed();
		application().withBean("interceptor", MethodInterceptor.class, () -> interceptor)
			.withBean(BeanNameAutoProxyCreator.class, () -> proxies(classProxy))
			.withBean("listener", Implementation.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("proxied implementation of x");
			});
	}

	@Test
	void listenerWhenBeanIsMadeAProxyByHandIsCalledThroughIt() {
		ProxyFactory proxy = new ProxyFactory(new Plain());
		proxy.addAdvice((MethodInterceptor) (invocation) -> "proxied " + invocation.proceed());
		application().withBean("listener", Plain.class, () -> (Plain) proxy.getProxy())
			.run((context) -> assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("proxied plain"));
	}

	@Test
	void listenerWhenMethodIsInheritedServes() {
		application().withBean(Inheriting.class)
			.run((context) -> assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("plain"));
	}

	@Test
	void listenerWhenDeclaredByInterfaceTakesTheAnnotationsOfItsParameters() {
		application().withBean(Implementation.class).run((context) -> {
			Path file = Path.of("/dev/null");
			assertThat(context.getBean(FdBroker.class)
				.to("handoff")
				.descriptor("other", file)
				.descriptor("x", file)
				.requestPayload(String.class)).isEqualTo("implementation of x");
		});
	}

	@Test
	void listenerWhenAnnotationIsComposedServes() {
		application().withBean(Composed.class)
			.run((context) -> assertThat(
					context.getBean(FdBroker.class).to("handoff").header("op", "x").requestPayload(String.class))
				.isEqualTo("composed"));
	}

	@Test
	void listenerWhenSocketIsPlaceholderServesThat() {
		application().withBean(Placeholder.class)
			.withPropertyValues("my.socket=handoff")
			.run((context) -> assertThat(ask(context.getBean(FdBroker.class))).isEqualTo("placeholder"));
	}

	@Test
	void listenerWhenPlaceholderIsUnknownFailsToStart() {
		application().withBean(Placeholder.class)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("my.socket"));
	}

	private static BeanNameAutoProxyCreator proxies(boolean classProxy) {
		BeanNameAutoProxyCreator proxies = new BeanNameAutoProxyCreator();
		proxies.setBeanNames("listener");
		proxies.setInterceptorNames("interceptor");
		proxies.setProxyTargetClass(classProxy);
		return proxies;
	}

	private static String ask(FdBroker broker) {
		Path file = Path.of("/dev/null");
		return broker.to("handoff").descriptor("x", file).descriptor("other", file).requestPayload(String.class);
	}

	private ApplicationContextRunner application() {
		return TestApplication.withoutListener(this.directory);
	}

	static class Plain {

		@FdListener("handoff")
		public String handle() {
			return "plain";
		}

	}

	static class Inheriting extends Plain {

	}

	static class Placeholder {

		@FdListener("${my.socket}")
		String handle() {
			return "placeholder";
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@FdListener("handoff")
	@interface Handoff {

		@AliasFor(annotation = FdListener.class)
		String[] headers();

	}

	static class Composed {

		@Handoff(headers = "op=x")
		String handle() {
			return "composed";
		}

	}

	interface Declaration {

		@FdListener("handoff")
		String handle(@Fd("x") OwnedFd named, OwnedFd other);

	}

	static class Implementation implements Declaration {

		@Override
		public String handle(OwnedFd named, OwnedFd other) {
			return (named != other) ? "implementation of x" : "twice the same";
		}

	}

}
