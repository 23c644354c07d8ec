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
import java.nio.file.Path;
import java.util.List;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.test.FdLedger;

/**
 * A process with a {@link MovingServer}. It serves the connections that it receives by a
 * message, and replies with those that are idle. It ends with its standard input.
 */
@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
class MovingProcess implements AutoCloseable {

	static final String SOCKET = "moves";

	private final MovingServer server = new MovingServer("process");

	MovingProcess() throws Exception {
		this.server.stopAccepting();
	}

	public static void main(String[] arguments) throws IOException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(MovingProcess.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.run("--fdbroker.sockets.%s.path=%s".formatted(SOCKET, arguments[0]))) {
			System.in.read();
		}
	}

	static List<String> command(Path socket) {
		return List.of(System.getProperty("java.home") + "/bin/java", "-Xmx128m", "-XX:TieredStopAtLevel=1",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), MovingProcess.class.getName(), socket.toString());
	}

	@FdListener(SOCKET)
	OutgoingFdMessage move(List<OwnedFd> connections) {
		long sockets = FdLedger.open().values().stream().filter((target) -> target.startsWith("socket:")).count();
		connections.forEach(this.server.protocol()::adopt);
		return OutgoingFdMessage.builder()
			.payload("%d %d %d %d".formatted(this.server.requests(), this.server.protocol().connections(),
					this.server.counted(), sockets))
			.descriptor(this.server.protocol().takeIdle(Integer.MAX_VALUE))
			.build();
	}

	@Override
	public void close() throws Exception {
		this.server.close();
	}

}
