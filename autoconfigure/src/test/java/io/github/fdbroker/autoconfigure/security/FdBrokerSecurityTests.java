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

package io.github.fdbroker.autoconfigure.security;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FdBrokerSecurityAutoConfiguration}.
 */
class FdBrokerSecurityTests {

	@TempDir
	Path directory;

	@Test
	void authenticationDuringCallHasAuthoritiesOfSender() {
		OtherUser.assumeAvailable();
		runner().run((context) -> {
			try (FdTestClient client = FdTestClient.to(path()).open()) {
				assertThat(client.request(to("anyone")).message().text()).contains("root: ", "UID_0", "USER_root",
						"GID_0", "GROUP_root");
				assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
			}
		});
	}

	@Test
	void methodWhenAuthorityIsMissingIsNotCalledAndPeerGetsError() throws Exception {
		OtherUser.assumeAvailable();
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		runner()
			.withPropertyValues("fdbroker.sockets.handoff.allow.uids=0," + OtherUser.ID,
					"fdbroker.sockets.handoff.mode=0666")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				try (FdTestClient root = FdTestClient.to(path()).open();
						FdTestClient nobody = FdTestClient.to(path()).asUser(OtherUser.ID).open()) {
					assertThat(root.request(to("root"))).hasPayload("for root only");
					assertThat(nobody.request(to("root"))).hasErrorType(AuthorizationDeniedException.class)
						.hasErrorContaining("Access Denied");
					assertThat(nobody.request(to("anyone")).message().text()).contains("nobody: ", "UID_65534");
				}
			});
	}

	private static OutgoingFdMessage to(String recipient) {
		return OutgoingFdMessage.builder().header("to", recipient).build();
	}

	private Path path() {
		return this.directory.resolve(TestApplication.SOCKET);
	}

	private ApplicationContextRunner runner() {
		return TestApplication.withoutListener(this.directory)
			.withConfiguration(AutoConfigurations.of(FdBrokerSecurityAutoConfiguration.class))
			.withUserConfiguration(MethodSecurity.class)
			.withBean(Vault.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity
	static class MethodSecurity {

	}

	static class Vault {

		@FdListener(value = TestApplication.SOCKET, headers = "to=root")
		@PreAuthorize("hasAuthority('USER_root')")
		String root() {
			return "for root only";
		}

		@FdListener(value = TestApplication.SOCKET, headers = "to=anyone")
		String anyone(PeerCredentials peer) {
			Authentication sender = SecurityContextHolder.getContext().getAuthentication();
			assertThat(sender.getPrincipal()).isEqualTo(peer);
			return sender.getName() + ": " + sender.getAuthorities();
		}

	}

}
