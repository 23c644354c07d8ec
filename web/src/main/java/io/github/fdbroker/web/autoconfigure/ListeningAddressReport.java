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

package io.github.fdbroker.web.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Logs where each web server listens: on a socket that was passed to the process, or, on
 * a developer's machine, on a port of its own.
 */
final class ListeningAddressReport implements ApplicationListener<WebServerInitializedEvent> {

	private static final Log logger = LogFactory.getLog(ListeningAddressReport.class);

	private final FdWebProperties properties;

	ListeningAddressReport(FdWebProperties properties) {
		this.properties = properties;
	}

	@Override
	public void onApplicationEvent(WebServerInitializedEvent event) {
		WebServerApplicationContext context = event.getApplicationContext();
		boolean management = "management".equals(context.getServerNamespace());
		String name = management ? this.properties.managementSocket() : this.properties.socket();
		if (name != null) {
			logger.info(report(management ? "management" : "web", name, event.getWebServer().getPort(), context));
		}
	}

	private static String report(String server, String name, int port, WebServerApplicationContext context) {
		return OnGivenSocketCondition.isActivated(name, context.getEnvironment())
				? "The %s server listens on the activated descriptor '%s', port %d".formatted(server, name, port)
				: "The %s server has bound port %d, because no descriptor '%s' was passed to this process"
					.formatted(server, port, name);
	}

}
