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
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * How many descriptors this process may have open ({@code RLIMIT_NOFILE}, see
 * getrlimit(2)).
 */
public final class OpenFilesLimit {

	/** See proc_pid_limits(5). The Java runtime has made the soft limit the hard one. */
	private static final Path LIMITS = Path.of("/proc/self/limits");

	private static final String NAME = "Max open files";

	private OpenFilesLimit() {
	}

	/**
	 * Return the limit.
	 * @return the soft limit, {@link Long#MAX_VALUE} if there is none or it is not known
	 */
	public static long get() {
		try {
			return parse(Files.readString(LIMITS));
		}
		catch (IOException ex) {
			return reported();
		}
	}

	/**
	 * Find the soft limit.
	 * @param limits the text of the file
	 */
	static long parse(String limits) throws IOException {
		String line = limits.lines()
			.filter((candidate) -> candidate.startsWith(NAME))
			.findFirst()
			.orElseThrow(() -> new IOException(LIMITS + " does not have " + NAME));
		String soft = line.substring(NAME.length()).strip().split("\\s+", 2)[0];
		return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
	}

	/**
	 * Ask the Java runtime, whose management classes take long to load.
	 */
	private static long reported() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
	}

}
