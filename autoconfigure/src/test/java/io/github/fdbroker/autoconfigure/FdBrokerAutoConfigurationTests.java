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

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.newsclub.net.unix.AFUNIXSocket;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.convert.FdConverter;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.systemd.FdStore;
import io.github.fdbroker.systemd.SystemdNotifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdBrokerAutoConfiguration}.
 */
class FdBrokerAutoConfigurationTests {

	@TempDir
	Path directory;

	@Test
	void contextWhenNothingConfiguredHasBrokerAndOpensNothing() throws IOException {
		runner().run((context) -> {
			assertThat(context).hasSingleBean(FdBroker.class).hasSingleBean(FdListenerRegistry.class);
			assertThat(context.getBean(FdListenerRegistry.class).containers()).isEmpty();
		});
		assertThat(files()).isEmpty();
	}

	@Test
	void contextWhenSocketHasNoListenerOpensNothing() {
		runner().withPropertyValues("fdbroker.sockets.lonely.path=lonely")
			.run((context) -> assertThat(files()).isEmpty());
	}

	@Test
	void contextWhenListenerThereOpensSocketAndRemovesItAtTheEnd() throws IOException {
		withListener().run((context) -> {
			assertThat(files()).contains("handoff");
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.directory.resolve("handoff"))))
				.isEqualTo("rw-------");
		});
		assertThat(files()).isEmpty();
	}

	@Test
	void contextWhenSystemdDisabledDoesWithoutIt() {
		withListener().run((context) -> assertThat(context).hasSingleBean(ActivatedDescriptors.class)
			.hasSingleBean(SystemdNotifier.class)
			.hasSingleBean(FdStore.class));
		withListener().withPropertyValues("fdbroker.systemd.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ActivatedDescriptors.class)
				.doesNotHaveBean(SystemdNotifier.class)
				.doesNotHaveBean(FdStore.class));
	}

	@Test
	void contextWhenDisabledHasNoBeans() {
		withListener().withPropertyValues("fdbroker.enabled=false").run((context) -> {
			assertThat(context).doesNotHaveBean(FdBroker.class).doesNotHaveBean(FdListenerRegistry.class);
			assertThat(files()).isEmpty();
		});
	}

	@Test
	void contextWhenJunixsocketMissingHasNoBeans() {
		withListener().withClassLoader(new FilteredClassLoader(AFUNIXSocket.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(FdBroker.class));
	}

	@Test
	void brokerWhenApplicationHasItsOwnBacksOff() {
		FdConverters converters = new FdConverters(List.of());
		FdBroker own = new DefaultFdBroker(Map.of(), (path) -> {
			throw new IllegalStateException(path.toString());
		}, TransportMode.JUNIXSOCKET.select(),
				new Messenger(new MessageComposer(new StringMessageConverter(), new FdSources(List.of())), converters,
						null),
				WaitingDescriptors.ofProcess());
		runner().withBean("own", FdBroker.class, () -> own)
			.run((context) -> assertThat(context.getBean(FdBroker.class)).isSameAs(own));
	}

	@Test
	void messageConverterWhenApplicationAsksForOneIsNoCandidate() {
		runner().withBean(Collector.class)
			.run((context) -> assertThat(context.getBean(Collector.class).converter()).isEmpty());
	}

	@Test
	void convertersWhenApplicationAddsOneKnowsIt() {
		FdConverter<Thread> converter = new FdConverter<>() {

			@Override
			public Class<Thread> type() {
				return Thread.class;
			}

			@Override
			public Thread convert(FileDescriptor descriptor, FdKind kind) {
				return new Thread();
			}

		};
		runner().withBean("threads", FdConverter.class, () -> converter)
			.run((context) -> assertThat(context.getBean(FdConverters.class).supports(Thread.class)).isTrue());
	}

	@Test
	void registryWhenAskedIsLastToStartAndFirstToStop() {
		runner().run((context) -> assertThat(context.getBean(FdListenerRegistry.class).getPhase())
			.isEqualTo(SmartLifecycle.DEFAULT_PHASE));
	}

	@Test
	void contextWhenListenerNamesUnknownSocketFails() {
		runner().withBean(Listener.class)
			.withPropertyValues("fdbroker.sockets.other.path=other")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("'handoff'"));
	}

	@Test
	void contextWhenTwoListenersForOneSocketFails() {
		withListener().withBean(SecondListener.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("Listener.handle()")
				.hasMessageContaining("SecondListener.handle()"));
	}

	@Test
	void contextWhenPathServedFailsAndLeavesItsOwnSocketsNowhere() {
		withListener().run((first) -> withListener().withBean("second", OtherListener.class)
			.withPropertyValues("fdbroker.sockets.aaa.path=aaa")
			.run((second) -> {
				assertThat(second).getFailure().hasRootCauseInstanceOf(FdConfigurationException.class);
				assertThat(files()).containsExactlyInAnyOrder("handoff", "handoff.lock");
			}));
	}

	@Test
	void contextWhenLaterBeanFailsLeavesNothing() throws IOException {
		withListener().withBean("failing", Failing.class).run((context) -> assertThat(context).hasFailed());
		assertThat(files()).isEmpty();
	}

	@Test
	void contextWhenDirectoryMissingFailsWithAdvice() {
		withListener().withPropertyValues("fdbroker.sockets.handoff.path=missing/handoff")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(new ConfigurationFailureAnalyzer().analyze(failure).getAction())
					.contains("fdbroker.sockets.handoff.create-directory=true")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-descriptors=254", "max-descriptors=-1", "max-message-size=0B",
			"max-message-size=17MB", "max-connections=0", "max-connections-per-user=-5", "message-timeout=0s",
			"idle-timeout=-1s", "backlog=0", "max-pending-replies=0" })
	void contextWhenPropertyMakesNoSenseFailsAndNamesIt(String property) {
		withListener().withPropertyValues("fdbroker.sockets.handoff." + property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.extracting("name")
				.isEqualTo("fdbroker.sockets.handoff." + property.replaceAll("=.*", "")));
	}

	@Test
	void contextWhenSocketHasNoPathFails() {
		runner().withBean(Listener.class)
			.withPropertyValues("fdbroker.sockets.handoff.mode=0600")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("fdbroker.sockets.handoff.path"));
	}

	@Test
	void contextWhenPathTooLongFails() {
		withListener().withPropertyValues("fdbroker.sockets.handoff.path=" + "x".repeat(120))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(FdConfigurationException.class)
				.hasMessageContaining("107"));
	}

	@Test
	void propertiesWhenWrittenInOtherWaysAreUnderstood() {
		withListener()
			.withPropertyValues("FDBROKER_SOCKETS_HANDOFF_MODE=0660", "fdbroker.sockets.handoff.maxDescriptors=3",
					"fdbroker.sockets.handoff.MESSAGE_TIMEOUT=3s", "fdbroker.sockets.handoff.allow.users=root,1",
					"fdbroker.sockets.handoff.allow.gids=7")
			.run((context) -> {
				FdBrokerProperties.Socket socket = context.getBean(FdBrokerProperties.class).sockets().get("handoff");
				assertThat(socket.maxDescriptors()).isEqualTo(3);
				assertThat(socket.messageTimeout()).hasSeconds(3);
				assertThat(socket.allow().users()).containsExactly("root", "1");
				assertThat(socket.allow().gids()).containsExactly(7L);
			});
	}

	@Test
	void socketWhenModeAndDirectoryConfiguredHasThem() {
		withListener()
			.withPropertyValues("fdbroker.sockets.handoff.path=sub/handoff",
					"fdbroker.sockets.handoff.create-directory=true", "fdbroker.sockets.handoff.mode=0660")
			.run((context) -> {
				Path socket = this.directory.resolve("sub/handoff");
				assertThat(Files.getPosixFilePermissions(socket)).hasSize(4);
				assertThat(Files.getPosixFilePermissions(socket.getParent())).hasSize(3);
			});
	}

	private List<String> files() throws IOException {
		try (var files = Files.list(this.directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

	private ApplicationContextRunner withListener() {
		return runner().withBean(Listener.class).withPropertyValues("fdbroker.sockets.handoff.path=handoff");
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
			.withPropertyValues("fdbroker.directory=" + this.directory);
	}

	static class Listener {

		@FdListener("handoff")
		Map<String, Object> handle(FdMessage message, OwnedFd descriptor) {
			return Map.of();
		}

	}

	record Collector(ObjectProvider<MessageConverter> converters) {

		Optional<MessageConverter> converter() {
			return Optional.ofNullable(this.converters.getIfAvailable());
		}

	}

	static class SecondListener {

		@FdListener("${second.socket:handoff}")
		void handle(FdMessage message) {
		}

	}

	static class OtherListener {

		@FdListener("aaa")
		void handle(FdMessage message) {
		}

	}

	static class Failing implements SmartLifecycle, InitializingBean {

		@Override
		public void afterPropertiesSet() {
		}

		@Override
		public int getPhase() {
			return DEFAULT_PHASE;
		}

		@Override
		public void start() {
			throw new IllegalStateException("on purpose");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
