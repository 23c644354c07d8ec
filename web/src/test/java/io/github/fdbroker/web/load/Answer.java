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

package io.github.fdbroker.web.load;

import java.io.IOException;
import java.util.Locale;

/**
 * A correct response.
 *
 * @param process the process that it names
 * @param last whether the server closes the connection
 */
record Answer(long process, boolean last) {

	private static final String END = "\r\n\r\n";

	private static final String LENGTH = "\r\ncontent-length: ";

	/**
	 * Read a response.
	 * @return {@code null} if there has to be more of it
	 * @throws IOException if it is not correct
	 */
	static Answer parse(String text) throws IOException {
		int body = text.indexOf(END) + END.length();
		if (body < END.length()) {
			return null;
		}
		String head = text.substring(0, body).toLowerCase(Locale.ROOT);
		if (!head.startsWith("http/1.1 200 ")) {
			throw new IOException("Status line: " + head.lines().findFirst().orElse(""));
		}
		int end = body + length(head);
		if (text.length() > end) {
			throw new IOException("Bytes behind the response");
		}
		return (text.length() == end)
				? new Answer(Long.parseLong(text.substring(body)), head.contains("\r\nconnection: close\r\n")) : null;
	}

	private static int length(String head) throws IOException {
		int index = head.indexOf(LENGTH);
		if (index < 0) {
			throw new IOException("No length: " + head);
		}
		int from = index + LENGTH.length();
		return Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).strip());
	}

}
