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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Another user for peers to be. It reads whatever it likes, as the class path may be out
 * of its reach, and writes and connects only where it is allowed to.
 */
public final class OtherUser {

	/**
	 * The uid and gid.
	 */
	public static final int ID = 65534;

	/**
	 * The uid and gid of yet another user.
	 */
	public static final int THIRD = 65533;

	private OtherUser() {
	}

	/**
	 * Return the command to run a command as this user, or skip the test where that takes
	 * rights that are missing.
	 */
	public static List<String> command(List<String> command) {
		return command(ID, command);
	}

	/**
	 * Return the command to run a command as a user, or skip the test where that takes
	 * rights that are missing.
	 */
	public static List<String> command(int uid, List<String> command) {
		assumeAvailable();
		List<String> whole = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups",
				"--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"));
		whole.addAll(command);
		return whole;
	}

	/**
	 * Skip the test where no process can be given to another user.
	 */
	public static void assumeAvailable() {
		Peers.require("setpriv");
		try {
			Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
					"only the superuser can be another user");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
