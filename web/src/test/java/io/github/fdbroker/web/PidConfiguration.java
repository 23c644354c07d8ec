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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Replies to each request with the number of the process, on the management server too.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
class PidConfiguration {

	private static final byte[] PID = String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);

	@Bean
	ServletRegistrationBean<HttpServlet> pidServlet() {
		return new ServletRegistrationBean<>(new HttpServlet() {

			@Override
			protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
				response.setContentLength(PID.length);
				response.getOutputStream().write(PID);
			}

		}, "/");
	}

	@Bean
	HttpHandler pidHandler() {
		return (request, response) -> {
			response.getHeaders().setContentLength(PID.length);
			return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(PID)));
		};
	}

}
