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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

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
import io.github.fdbroker.security.UserDatabase;
import io.github.fdbroker.test.FdTestClient;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

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

	/**
	 * What was found is too old at once for another connection.
	 */
	@Test
	void namesWhenConnectionStaysAreLookedUpOnce() throws IOException {
		run(authentication("exit 2", Duration.ofMinutes(1), Duration.ZERO), (client, number) -> {
			for (int i = 0; i < 3; i++) {
				assertThat(client.request(to("anyone")).message().text()).contains("UID_", "GID_")
					.doesNotContain("USER_", "GROUP_");
			}
			assertThat(questions()).hasSize(2 * number);
		});
	}

	@Test
	void namesWhenUserDatabaseHangsAreLeftOutAndNotLookedUpAgain() throws IOException {
		run(authentication("exec sleep 600", Duration.ofMillis(100), PeerAuthorities.MAX_AGE), (client, number) -> {
			assertThat(client.request(to("anyone")).message().text()).contains("UID_", "GID_")
				.doesNotContain("USER_", "GROUP_");
			assertThat(questions()).hasSizeLessThanOrEqualTo(1);
		});
	}

	@Test
	void namesWhenNeededAtTheSameTimeAreLookedUpOnce() throws Exception {
		PeerAuthorities authorities = authentication("until [ -e \"${0%/*}/go\" ]; do sleep 0.01; done",
				Duration.ofMinutes(1), PeerAuthorities.MAX_AGE)
			.authorities();
		List<Background<PeerAuthorities.Names>> threads = new ArrayList<>();
		for (int pid = 1; pid <= 5; pid++) {
			PeerCredentials peer = new PeerCredentials(pid, 4711, 4711, List.of(4712L));
			threads.add(Background.call(() -> authorities.of(peer)));
		}
		threads.forEach(Background::awaitWaiting);
		Files.createFile(this.directory.resolve("go"));
		for (Background<PeerAuthorities.Names> thread : threads) {
			assertThat(thread.get().user()).isEqualTo("4711");
		}
		assertThat(questions()).containsExactly("-- passwd 4711", "-- group 4711 4712");
	}

	/**
	 * Serve two connections, one after the other.
	 */
	private void run(SenderAuthentication authentication, BiConsumer<FdTestClient, Integer> connection) {
		TestApplication.with(this.directory, Vault.class, new Vault())
			.withBean(SenderAuthentication.class, () -> authentication)
			.run((context) -> {
				for (int number = 1; number <= 2; number++) {
					try (FdTestClient client = FdTestClient.to(path()).open()) {
						connection.accept(client, number);
					}
				}
			});
	}

	/**
	 * Return the advice with a database without files, whose program notes what it is
	 * asked.
	 */
	private SenderAuthentication authentication(String answer, Duration timeout, Duration maxAge) throws IOException {
		Path getent = Files.writeString(this.directory.resolve("getent"), """
				#!/bin/sh
				echo "$@" >> "${0%%/*}/questions"
				%s
				""".formatted(answer));
		Files.setPosixFilePermissions(getent, PosixFilePermissions.fromString("rwx------"));
		Files.createFile(this.directory.resolve("questions"));
		return new SenderAuthentication(
				new PeerAuthorities(new UserDatabase(this.directory, getent.toString(), timeout), maxAge));
	}

	private List<String> questions() {
		return contentOf(this.directory.resolve("questions").toFile()).lines().toList();
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
