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

package io.github.fdbroker;

import java.io.FileInputStream;
import java.io.IOException;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;

/**
 * Lends a file if it has a socket, and else reads the file that its peer lends.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
class ContainerApplication {

	public static void main(String[] arguments) throws IOException {
		ConfigurableApplicationContext context = SpringApplication.run(ContainerApplication.class, arguments);
		if (context.getBeansOfType(Lender.class).isEmpty()) {
			try (context) {
				read(context.getBean(FdBroker.class));
			}
		}
		else {
			System.out.println("ready");
			System.in.read();
		}
	}

	private static void read(FdBroker broker) throws IOException {
		try (FdSession session = broker.connect("desk");
				FdMessage reply = session.request(OutgoingFdMessage.of("the file"));
				FileInputStream file = reply.descriptor(0).into(FileInputStream.class)) {
			System.out.println("read " + new String(file.readAllBytes()) + " from " + session.peer());
		}
		catch (FdException ex) {
			System.out.println("failed: " + ex.getMessage());
		}
	}

	@Bean
	@ConditionalOnProperty("fdbroker.sockets.desk.path")
	Lender lender() {
		return new Lender();
	}

	/**
	 * Opens a file that is its own.
	 */
	static class Lender {

		@FdListener("desk")
		FileInputStream lend(PeerCredentials peer) throws IOException {
			System.out.println("lent to " + peer);
			return new FileInputStream(System.getProperty("lent"));
		}

	}

}
