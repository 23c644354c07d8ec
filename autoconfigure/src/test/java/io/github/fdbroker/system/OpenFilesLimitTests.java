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

package io.github.fdbroker.system;

import java.io.IOException;
import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link OpenFilesLimit}.
 */
class OpenFilesLimitTests {

	private static final String LIMITS = """
			Limit                     Soft Limit           Hard Limit           Units
			Max cpu time              unlimited            unlimited            seconds
			Max open files            %s                 1048576              files
			""";

	@Test
	void getReturnsWhatTheJavaRuntimeReports() {
		UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		assertThat(OpenFilesLimit.get()).isEqualTo(system.getMaxFileDescriptorCount());
	}

	@Test
	void parseReturnsSoftLimit() throws IOException {
		assertThat(OpenFilesLimit.parse(LIMITS.formatted("1024"))).isEqualTo(1024);
	}

	@Test
	void parseWhenThereIsNoLimitReturnsLargestNumber() throws IOException {
		assertThat(OpenFilesLimit.parse(LIMITS.formatted("unlimited"))).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void parseWhenLimitIsMissingThrows() {
		assertThatIOException().isThrownBy(() -> OpenFilesLimit.parse("Max cpu time  unlimited"))
			.withMessageContaining("Max open files");
	}

}
