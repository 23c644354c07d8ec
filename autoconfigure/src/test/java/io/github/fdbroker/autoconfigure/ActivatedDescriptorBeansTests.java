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
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.systemd.ActivatedDescriptor;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.testsupport.PassedDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ActivatedDescriptorBeans} and {@link ActivatedDescriptors}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ActivatedDescriptorBeansTests {

	@Test
	void beansWhenQualifiedAreInjectedAndOthersAreNoCandidates() {
		List<ActivatedDescriptor> descriptors = List.of(descriptor("log"), descriptor("state"), descriptor("log"));
		Parts parts;
		try (AnnotationConfigApplicationContext context = context(descriptors)) {
			parts = context.getBean(Parts.class);
			assertThat(parts.logs()).hasSize(2).doesNotHaveDuplicates().allMatch(FileChannel::isOpen);
			assertThat(parts.state().isOpen()).isTrue();
			assertThat(parts.any()).isNull();
			assertThat(descriptors).allMatch((descriptor) -> descriptor.descriptor().isClaimed());
		}
		assertThat(parts.logs()).noneMatch(FileChannel::isOpen);
		assertThat(parts.state().isOpen()).isFalse();
	}

	@Test
	void descriptorsWhenTakenAreGivenInOrderUntilNoneIsLeft() throws IOException {
		ActivatedDescriptors descriptors = activated(List.of(descriptor("log"), descriptor("log")));
		try (InputStream first = descriptors.take("log", InputStream.class);
				OwnedFd second = descriptors.take("log", OwnedFd.class)) {
			assertThat(first.read()).isEqualTo(-1);
			assertThat(second.kind().toString()).startsWith("a character device");
		}
		assertThatExceptionOfType(FdException.class).isThrownBy(() -> descriptors.take("log", OwnedFd.class))
			.withMessageContaining("'log'");
		assertThatIllegalStateException().isThrownBy(() -> descriptors.take(descriptors.all().get(0), OwnedFd.class));
	}

	@Test
	void descriptorsWhenUnclaimedAreClosedWithWarning(CapturedOutput output) {
		ActivatedDescriptors descriptors = activated(List.of(descriptor("used"), descriptor("unused")));
		OwnedFd used = descriptors.take("used", OwnedFd.class);
		descriptors.closeUnclaimed();
		descriptors.closeUnclaimed();
		assertThat(used.isOpen()).isTrue();
		used.close();
		assertThat(descriptors.all()).noneMatch((descriptor) -> descriptor.descriptor().isAvailable());
		assertThat(output).containsOnlyOnce("is closed because it is not used")
			.contains("'unused', a character device", "fdbroker.sockets.unused", "@Qualifier(\"unused\")");
	}

	private static AnnotationConfigApplicationContext context(List<ActivatedDescriptor> descriptors) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.registerBean(ActivatedDescriptorBeans.class, () -> new ActivatedDescriptorBeans(descriptors));
		context.registerBean(ActivatedDescriptors.class, () -> activated(descriptors));
		context.register(Injection.class);
		context.refresh();
		return context;
	}

	private static ActivatedDescriptors activated(List<ActivatedDescriptor> descriptors) {
		return new ActivatedDescriptors(descriptors, new FdConverters(List.of()));
	}

	/**
	 * Make as if this process had been started with a descriptor.
	 */
	private static ActivatedDescriptor descriptor(String name) {
		try (FileInputStream file = new FileInputStream("/dev/null")) {
			FileDescriptor passed = Descriptors.duplicate(file.getFD());
			return new ActivatedDescriptor(name, InheritedDescriptor.of(PassedDescriptor.number(passed)));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What an application asks for.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Injection {

		@Bean
		Parts parts(@Qualifier("log") List<FileChannel> logs, @Qualifier("state") OwnedFd state,
				ObjectProvider<FileChannel> any) {
			return new Parts(logs, state, any.getIfAvailable());
		}

	}

	/**
	 * What it got.
	 */
	record Parts(List<FileChannel> logs, OwnedFd state, FileChannel any) {

	}

}
