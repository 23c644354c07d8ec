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

import org.junit.jupiter.api.Assumptions;

import io.github.fdbroker.socket.TransportMode;

/**
 * Which transports a test can run with.
 */
public final class Transports {

	private Transports() {
	}

	/**
	 * Skip a test of the native transport on a system that does not have it. On Linux it
	 * has to be there.
	 */
	public static void assumeAvailable(TransportMode transport) {
		Assumptions.assumeTrue(transport != TransportMode.NATIVE || System.getProperty("os.name").equals("Linux"),
				"the native transport takes Linux");
	}

}
