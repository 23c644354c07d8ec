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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets in directories that other users have rights to: tests for
 * {@link SocketDirectory}, {@link StagingDirectory}, {@link PathLock} and
 * {@link StaleSocket}.
 */
class SocketDirectoryTests {

	private static final int STARTS = 300;

	@TempDir
	Path root;

	private Path directory;

	@BeforeEach
	void createDirectory() throws IOException {
		OtherUser.assumeAvailable();
		Files.setPosixFilePermissions(this.root, PosixFilePermissions.fromString("rwxr-xr-x"));
		this.directory = Files.createDirectory(this.root.resolve("d"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0777, 0770, 0757 })
	void openWhenOthersMayWriteToDirectoryIsRefused(int mode) throws IOException {
		mode(this.directory, mode);
		assertRefused(this.directory.resolve("s"),
				"others may write to %s (mode %04o)".formatted(this.directory, mode));
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void openWhenOthersMayWriteToAncestorIsRefused() throws IOException {
		Path below = Files.createDirectory(this.directory.resolve("below"));
		mode(this.directory, 0777);
		mode(below, 0700);
		assertRefused(below.resolve("s"), "others may write to " + this.directory);
		assertThat(below).isEmptyDirectory();
	}

	@Test
	void openWhenDirectoryIsToBeCreatedWhereOthersMayWriteCreatesNothing() throws IOException {
		mode(this.directory, 0777);
		assertThatExceptionOfType(FdConfigurationException.class)
			.isThrownBy(() -> ServerSockets.open(new SocketPath("test", this.directory.resolve("new/s")),
					new SocketFileSettings(SocketFileSettings.PRIVATE.mode(), null, true), 5))
			.withMessageContaining("others may write to " + this.directory);
		assertThat(this.directory).isEmptyDirectory();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0755, 01777 })
	void openWhenDirectoryIsOfAnotherUserIsRefused(int mode) throws IOException {
		mode(this.directory, mode);
		Files.setAttribute(this.directory, "unix:uid", OtherUser.ID);
		assertRefused(this.directory.resolve("s"), this.directory + " belongs to uid " + OtherUser.ID);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void openWhenDirectoryIsStickyAndOursSucceeds() throws IOException {
		mode(this.directory, 01777);
		assertOpens(this.directory.resolve("s"));
	}

	@Test
	void openWhenDirectoryIsALinkOfOursSucceeds() throws IOException {
		assertOpens(Files.createSymbolicLink(this.root.resolve("link"), Path.of("d")).resolve("s"));
		Path absolute = Files.createSymbolicLink(this.root.resolve("absolute"), this.directory);
		assertOpens(Files.createSymbolicLink(this.root.resolve("second"), absolute).resolve("s"));
	}

	@Test
	void openWhenDirectoryIsALinkOfAnotherUserIsRefused() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), this.directory);
		Files.setAttribute(link, "unix:uid", OtherUser.ID, LinkOption.NOFOLLOW_LINKS);
		assertRefused(link.resolve("s"), link + " belongs to uid " + OtherUser.ID);
	}

	@Test
	void openWhenLinkLeadsThroughDirectoryThatOthersMayWriteToIsRefused() throws IOException {
		Path open = Files.createDirectory(this.root.resolve("open"));
		mode(open, 0777);
		Path second = Files.createSymbolicLink(open.resolve("second"), this.directory);
		Path first = Files.createSymbolicLink(this.root.resolve("first"), second);
		assertRefused(first.resolve("s"), "others may write to " + open);
	}

	@Test
	void openWhenLinksFormACircleIsRefused() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), Path.of("link"));
		assertRefused(link.resolve("s"), "");
	}

	@Test
	void openWhenSameDirectoryHasAnotherNameNamesTheOtherSocketAndLeavesItsLock() throws IOException {
		Path link = Files.createSymbolicLink(this.root.resolve("link"), this.directory);
		try (FdServerSocket first = ServerSockets.open(new SocketPath("first", this.directory.resolve("s")),
				SocketFileSettings.PRIVATE, 5)) {
			assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> open(link.resolve("s")))
				.withMessageEndingWith("is served by socket 'first' of this process")
				.satisfies((ex) -> assertThat(ex.getAction()).contains("fdbroker.sockets.test.path",
						"fdbroker.sockets.first.path"));
			assertThat(first.isOpen()).isTrue();
			assertThat(this.directory.resolve("s.lock")).exists();
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void openWhenLockFileHasAnotherNameLeavesBoth() throws IOException {
		Path victim = Files.writeString(this.root.resolve("victim"), "precious");
		Files.createLink(this.directory.resolve("s.lock"), victim);
		assertRefused(this.directory.resolve("s"), "s.lock is a file of uid 0 with 2 names");
		assertThat(victim).hasContent("precious");
	}

	@Test
	void openWhenLockFileIsOfAnotherUserLeavesIt() throws IOException {
		Path lock = Files.writeString(this.directory.resolve("s.lock"), "theirs");
		Files.setAttribute(lock, "unix:uid", OtherUser.ID);
		assertRefused(this.directory.resolve("s"), "s.lock is a file of uid " + OtherUser.ID);
		assertThat(lock).hasContent("theirs");
	}

	@ParameterizedTest
	@ValueSource(strings = { "swap-lock", "swap-staging" })
	void openWhenAnotherUserSwapsFilesInStickyDirectoryChangesNoOtherFile(String attack) throws IOException {
		mode(this.directory, 01777);
		Path victim = Files.writeString(this.root.resolve("victim"), "precious");
		mode(victim, 0600);
		Path path = this.directory.resolve("s");
		Path target = attack.equals("swap-lock") ? this.directory.resolve("s.lock") : this.directory;
		try (PeerProcess intruder = PeerProcess.pythonAs(OtherUser.ID, "intruder.py", attack, target, victim)) {
			long opened = Stream.generate(() -> path).limit(STARTS).filter(SocketDirectoryTests::opens).count();
			assertThat(opened).isBetween(0L, (long) STARTS);
			assertThat(intruder.pid()).isPositive();
		}
		assertThat(victim).hasContent("precious");
		assertThat(PathStatus.of(victim).permissions()).isEqualTo("0600");
	}

	@Test
	void openWhenAbstractNamesLookLikeThePathReplacesStaleSocket() throws IOException {
		Path path = this.directory.resolve("s");
		try (PeerProcess intruder = PeerProcess.pythonAs(OtherUser.ID, "intruder.py", "abstract", path)) {
			FileDescriptor stale = Kernel.calls().socket(SocketType.STREAM);
			Kernel.calls().bind(stale, SocketPath.bytes(path));
			Descriptors.close(stale);
			assertOpens(path);
			assertThat(intruder.pid()).isPositive();
		}
	}

	@Test
	void removeWhenFileIsTheExpectedOneRemovesIt() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "ours");
		try (StagingDirectory staging = staging()) {
			assertThat(staging.remove(file, FileIdentity.of(file))).isTrue();
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void removeWhenFileOrDirectoryIsAnotherPutsItBack() throws IOException {
		FileIdentity expected = FileIdentity.of(this.root);
		Path file = Files.writeString(this.directory.resolve("file"), "theirs");
		Path full = Files.createDirectories(this.directory.resolve("full/of"));
		try (StagingDirectory staging = staging(); FdServerSocket live = open(this.directory.resolve("live"))) {
			for (String name : List.of("file", "full", "live")) {
				assertThat(staging.remove(this.directory.resolve(name), expected)).isFalse();
			}
			assertThat(live.isOpen()).isTrue();
			new FdConnector(new SocketPath("test", this.directory.resolve("live")), new JunixsocketTransport(),
					Duration.ZERO, MessageSocketSettings.stream(Duration.ZERO))
				.connect()
				.close();
		}
		assertThat(file).hasContent("theirs");
		assertThat(full).isDirectory();
	}

	private StagingDirectory staging() throws IOException {
		return StagingDirectory.create(new SocketPath("test", this.directory.resolve("s")));
	}

	private static void mode(Path path, int mode) throws IOException {
		Files.setAttribute(path, "unix:mode", mode);
	}

	private static FdServerSocket open(Path path) {
		return ServerSockets.open(new SocketPath("test", path), SocketFileSettings.PRIVATE, 5);
	}

	private static boolean opens(Path path) {
		try (FdServerSocket server = open(path)) {
			return server.isOpen();
		}
		catch (FdConfigurationException ex) {
			return false;
		}
	}

	private static void assertOpens(Path path) {
		try (FdServerSocket server = open(path)) {
			assertThat(server.isOpen()).isTrue();
		}
	}

	private static void assertRefused(Path path, String reason) {
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> open(path))
			.withMessageContaining("Socket 'test' cannot be at " + path)
			.withMessageContaining(reason);
	}

}
