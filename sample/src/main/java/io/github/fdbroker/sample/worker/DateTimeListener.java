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

package io.github.fdbroker.sample.worker;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;

import io.github.fdbroker.annotation.FdListener;

/**
 * Serves the date and time on connections that the front has accepted, like the date-time
 * server of 4.3BSD, but over HTTP so that a web browser can show them.
 */
@Component
class DateTimeListener {

	private static final Log logger = LogFactory.getLog(DateTimeListener.class);

	private static final int REQUEST_MILLIS = 1000;

	private static final int REQUEST_BYTES = 8192;

	private final AsyncTaskExecutor executor;

	DateTimeListener(AsyncTaskExecutor executor) {
		this.executor = executor;
	}

	/**
	 * Reply on another thread, so that a slow client does not delay others. The
	 * connection is closed when the future completes.
	 */
	@FdListener("date-time")
	CompletableFuture<Void> reply(SocketChannel client) {
		return this.executor.submitCompletable(() -> write(client));
	}

	private static void write(SocketChannel client) {
		try {
			client.write(StandardCharsets.UTF_8.encode(response()));
			client.shutdownOutput();
			// Closing a connection with unread data would reset it.
			Socket socket = client.socket();
			socket.setSoTimeout(REQUEST_MILLIS);
			socket.getInputStream().readNBytes(REQUEST_BYTES);
		}
		catch (IOException ex) {
			logger.debug("The client did not wait for its reply, or keeps its connection open", ex);
		}
	}

	private static String response() {
		return """
				HTTP/1.0 200 OK\r
				Content-Type: text/plain\r
				\r
				%s, says process %d
				""".formatted(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now()),
				ProcessHandle.current().pid());
	}

}
