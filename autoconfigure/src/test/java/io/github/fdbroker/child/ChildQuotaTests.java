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

package io.github.fdbroker.child;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.listener.DescriptorQuota;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the quota of the descriptors that children send.
 */
class ChildQuotaTests {

	@TempDir
	Path directory;

	@Test
	void receiveWhenFilesWereTakenFromMessagesThatStayOpenHasRoom() {
		receiveMore((descriptor) -> descriptor.into(InputStream.class));
	}

	@Test
	void receiveWhenDescriptorsWereTakenFromMessagesThatStayOpenHasRoom() {
		receiveMore((descriptor) -> descriptor.into(OwnedFd.class));
	}

	/**
	 * Each message has a descriptor, and the quota is one.
	 */
	private void receiveMore(Function<OwnedFd, AutoCloseable> take) {
		runner().run((context) -> {
			try (FdChild child = context.getBean(FdChildren.class)
				.start("worker", new ProcessBuilder(Peers.python("child.py", "serve")))) {
				for (int i = 0; i < 3; i++) {
					child.message().payload("x").descriptor(Path.of("/dev/null")).send();
					FdMessage message = child.receive(Duration.ofSeconds(20));
					take.apply(message.descriptor(0)).close();
				}
				assertThat(context.getBean(DescriptorQuota.class).held()).isZero();
			}
		});
	}

	private ApplicationContextRunner runner() {
		return TestApplication.withoutListener(this.directory)
			.withPropertyValues("fdbroker.held-descriptors.per-connection=1");
	}

}
