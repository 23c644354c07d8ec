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

package io.github.fdbroker.web.tomcat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Replies to each request with its path, the checksum of its body, and the address of the
 * client. It names itself in a header.
 */
final class EchoServlet extends HttpServlet {

	private static final long serialVersionUID = 1L;

	private final String name;

	private final AtomicInteger requests = new AtomicInteger();

	EchoServlet(String name) {
		this.name = name;
	}

	int requests() {
		return this.requests.get();
	}

	static long checksum(byte[] body) {
		CRC32 checksum = new CRC32();
		checksum.update(body);
		return checksum.getValue();
	}

	@Override
	protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
		this.requests.incrementAndGet();
		long checksum = checksum(request.getInputStream().readAllBytes());
		if (request.getRequestURI().contains("async")) {
			AsyncContext context = request.startAsync();
			context.start(() -> complete(context, request, response, checksum));
		}
		else {
			reply(request, response, checksum);
		}
	}

	private void complete(AsyncContext context, HttpServletRequest request, HttpServletResponse response,
			long checksum) {
		try {
			reply(request, response, checksum);
			context.complete();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void reply(HttpServletRequest request, HttpServletResponse response, long checksum) throws IOException {
		response.setHeader("Served-By", this.name);
		byte[] body = "%s %d %s:%d"
			.formatted(request.getRequestURI(), checksum, request.getRemoteAddr(), request.getRemotePort())
			.getBytes(StandardCharsets.US_ASCII);
		response.setContentLength(body.length);
		response.getOutputStream().write(body);
	}

}
