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

package io.github.fdbroker.web.jetty;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;

/**
 * How a connector of Jetty accepts: with threads, or by its selectors.
 */
interface Accepting {

	/**
	 * The connector starts: give it a channel.
	 */
	void open() throws IOException;

	/**
	 * Give a connector a channel. The channel is closed if that fails.
	 */
	static void open(ServerConnector connector, ServerSocketChannel channel) throws IOException {
		try {
			connector.open(channel);
		}
		catch (IOException | RuntimeException | Error ex) {
			IO.close(channel);
			throw ex;
		}
	}

	/**
	 * Accept, for the first time or again.
	 */
	void start();

	/**
	 * Accept nothing until {@link #start()}.
	 */
	void stop();

	/**
	 * How many connections are accepted and not registered yet, after {@link #stop()}.
	 */
	int pending();

}
