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

package io.github.fdbroker.systemd;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.socket.InheritedDescriptorException;

/**
 * The descriptors that a service manager passed to this process, as announced in the
 * environment, see sd_listen_fds(3).
 *
 * @param names the names of the descriptors, in their order
 */
record ListenEnvironment(List<String> names) {

	/** The number of the first descriptor, {@code SD_LISTEN_FDS_START}. */
	static final int FIRST = 3;

	/** The name of a descriptor without one. */
	private static final String UNKNOWN = "unknown";

	/** Higher than any default of RLIMIT_NOFILE, and low enough not to overflow. */
	private static final int MAX = 1 << 20;

	/**
	 * Read the environment.
	 * @param environment the variables
	 * @param pid this process
	 * @return the descriptors passed to this process; none if the variables were
	 * inherited from another process
	 * @throws InheritedDescriptorException if the variables are invalid
	 */
	static ListenEnvironment of(Map<String, String> environment, long pid) {
		String count = environment.get("LISTEN_FDS");
		if (count == null || !String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
			return new ListenEnvironment(List.of());
		}
		return new ListenEnvironment(names(environment.get("LISTEN_FDNAMES"), count(count)));
	}

	private static List<String> names(@Nullable String names, int count) {
		if (names == null) {
			return Collections.nCopies(count, UNKNOWN);
		}
		List<String> list = Arrays.asList(names.split(":", -1));
		if (list.size() != count) {
			throw new InheritedDescriptorException(
					"LISTEN_FDS announces %d descriptors, but LISTEN_FDNAMES names %d: %s".formatted(count, list.size(),
							names));
		}
		return list;
	}

	private static int count(String count) {
		try {
			int number = Integer.parseInt(count);
			if (number > 0 && number < MAX) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Reported below.
		}
		throw new InheritedDescriptorException("LISTEN_FDS is not a number of descriptors: " + count);
	}

}
