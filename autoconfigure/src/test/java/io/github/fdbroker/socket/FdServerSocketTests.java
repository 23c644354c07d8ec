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

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Strace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link FdServerSocket}, {@link SocketFile}, {@link PathLock} and
 * {@link StaleSocket}.
 */
class FdServerSocketTests {

	@TempDir
	Path directory;

	private Path path;

	@BeforeEach
	void choosePath() {
		this.path = this.directory.resolve("s");
	}

	/**
	 * Whatever happened, nothing but what was there by itself is left.
	 */
	@AfterEach
	void nothingIsLeftBehind() throws IOException {
		try (Stream<Path> left = Files.list(this.directory)) {
			assertThat(left.map(Path::getFileName).map(Path::toString))
				.noneMatch((name) -> name.startsWith(".f") || name.endsWith(".lock"));
		}
	}

	@Test
	void openWhenClosedAgainLeavesNothing() throws IOException {
		try (FdServerSocket server = open()) {
			assertThat(server.isOpen()).isTrue();
			assertThat(list()).containsExactlyInAnyOrder("s", "s.lock");
			assertThat(Files.readString(lockFile()).trim()).isEqualTo(String.valueOf(ProcessHandle.current().pid()));
			assertThat(mode(lockFile())).isEqualTo("rw-------");
		}
		assertThat(list()).isEmpty();
	}

	@Test
	void acceptGivesConnectionWithCredentials() throws IOException {
		try (FdServerSocket server = open();
				FdConnection client = connect();
				FdConnection accepted = server.accept(new JunixsocketTransport(),
						MessageSocketSettings.stream(Duration.ZERO))) {
			assertThat(accepted.peer()).isEqualTo(client.peer()).isEqualTo(Descriptors.self());
			assertThat(accepted).hasToString("Connection of socket 'test' with " + Descriptors.self());
		}
	}

	@Test
	void acceptWhenWaitingEndsWhenClosed() throws Exception {
		FdServerSocket server = open();
		FutureTask<FdConnection> accepting = new FutureTask<>(
				() -> server.accept(new JunixsocketTransport(), MessageSocketSettings.stream(Duration.ZERO)));
		Thread thread = new Thread(accepting, "accept-waits");
		thread.start();
		KernelWait.await(thread);
		server.close();
		server.close();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> accepting.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(IOException.class);
		assertThat(server.isOpen()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "000, rw-------", "000, rw-rw----", "077, rw-rw-rw-", "022, rw-rw----" })
	void openWhateverUmaskNeverShowsAnotherMode(String umask, String mode) {
		List<String> command = ChildJvm.withUmask(umask, ChildJvm.command(ModeWatch.class, this.path, mode));
		assertThat(Peers.run(command).output()).contains("seen: [" + mode + "]");
	}

	@Test
	void openWhenGroupSetGivesFileToIt() throws IOException {
		OtherUser.assumeAvailable();
		try (FdServerSocket server = open(settings((long) OtherUser.ID, false))) {
			assertThat(Files.getAttribute(this.path, "unix:gid")).isEqualTo(OtherUser.ID);
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void openWhenGroupNotOursFailsWithAdvice() {
		Path open = this.directory.resolve("open");
		assertThat(openAsOtherUser(open, "0")).contains("the file cannot be given to group 0")
			.contains("Choose a group that this process is a member of");
		assertThat(open).isEmptyDirectory();
	}

	@Test
	void openWhenOtherUserMayNotWriteFailsWithAdvice() throws IOException {
		assertThat(Peers.run(OtherUser.command(ChildJvm.command(Opener.class, this.path, "-"))).output())
			.contains("this process (uid 65534) may not create files in " + this.directory)
			.contains("RuntimeDirectory=");
		assertThat(list()).isEmpty();
	}

	@Test
	void openWhenRegularFileThereLeavesIt() throws IOException {
		Files.writeString(this.path, "precious");
		assertRefused("which is not a socket and is left untouched");
		assertThat(this.path).hasContent("precious");
	}

	@Test
	void openWhenDirectoryThereLeavesIt() throws IOException {
		Files.createDirectory(this.path);
		assertRefused("which is not a socket and is left untouched");
		assertThat(this.path).isDirectory();
	}

	@Test
	void openWhenFifoThereLeavesIt() {
		Peers.run(List.of("mkfifo", this.path.toString()));
		assertRefused("which is not a socket and is left untouched");
		assertThat(Files.exists(this.path)).isTrue();
	}

	@Test
	void openWhenSymbolicLinkToStaleSocketThereLeavesBoth() throws IOException {
		Path target = this.directory.resolve("target");
		leaveStaleSocket(target);
		Files.createSymbolicLink(this.path, target);
		assertRefused("which is not a socket and is left untouched");
		assertThat(this.path).isSymbolicLink();
		assertThat(Files.exists(target)).isTrue();
	}

	@Test
	void openWhenDanglingSymbolicLinkThereLeavesIt() throws IOException {
		Files.createSymbolicLink(this.path, this.directory.resolve("nowhere"));
		assertRefused("which is not a socket and is left untouched");
		assertThat(this.path).isSymbolicLink();
		assertThat(this.directory.resolve("nowhere")).doesNotExist();
	}

	@Test
	void openWhenStaleSocketOfOursThereReplacesIt() throws IOException {
		leaveStaleSocket(this.path);
		try (FdServerSocket server = open(); FdConnection client = connect()) {
			assertThat(client.peer()).isEqualTo(Descriptors.self());
			assertThat(server.isOpen()).isTrue();
		}
		assertThat(list()).isEmpty();
	}

	@Test
	void openWhenStaleSocketOfOtherUserThereLeavesIt() throws IOException {
		Files.setAttribute(this.directory, "unix:mode", 01777);
		PeerProcess.startReady(OtherUser.command(Peers.python("sockets.py", "bind", this.path))).close();
		assertRefused("there is a socket of uid 65534");
		assertThat(Files.exists(this.path)).isTrue();
	}

	@Test
	void openWhenOtherProcessListensNamesIt() {
		try (PeerProcess other = PeerProcess.startReady(Peers.python("sockets.py", "listen", this.path))) {
			assertInUse("process " + other.pid());
			assertThat(connect(this.path)).isTrue();
		}
	}

	@Test
	void openWhenOtherProcessHasFullBacklogLeavesIt() throws IOException {
		try (PeerProcess other = PeerProcess.startReady(Peers.python("sockets.py", "listen", this.path, 0));
				FdConnection waiting = connect()) {
			assertThat(waiting.peer().pid()).isEqualTo(other.pid());
			assertInUse("a process that accepts no connections at the moment");
		}
	}

	@Test
	void openWhenOtherProcessListensSoonNamesIt() {
		try (PeerProcess other = PeerProcess.startReady(Peers.python("sockets.py", "listen_later", this.path))) {
			assertInUse("process " + other.pid());
			assertThat(Files.exists(this.path)).isTrue();
		}
	}

	@Test
	void openWhenOtherProcessNeverListensReplacesIt() throws IOException {
		try (PeerProcess other = PeerProcess.startReady(Peers.python("sockets.py", "bind", this.path));
				FdServerSocket server = open();
				FdConnection client = connect()) {
			assertThat(client.peer()).isEqualTo(Descriptors.self());
			assertThat(server.isOpen()).isTrue();
			assertThat(other.pid()).isPositive();
		}
	}

	@Test
	void openWhenServedByOtherOfThisProcessLeavesIt() throws IOException {
		try (FdServerSocket server = open()) {
			assertInUse("socket 'test' of this process");
			assertThat(connect(this.path)).isTrue();
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void openWhenServedByOtherJvmNamesItAndWhenThatDiesTakesOver() throws IOException {
		try (PeerProcess other = PeerProcess.startReady(ChildJvm.command(Opener.class, this.path, "-"))) {
			assertInUse("process " + other.pid());
			other.kill();
			assertThat(list()).containsExactlyInAnyOrder("s", "s.lock");
			open().close();
		}
		assertThat(list()).isEmpty();
	}

	@Test
	void openWhenLockFileIsNoRegularFileLeavesIt() throws IOException {
		Path target = Files.writeString(this.directory.resolve("target"), "precious");
		Files.createSymbolicLink(lockFile(), target);
		assertRefused("s.lock is not a regular file but a symbolic link");
		assertThat(target).hasContent("precious");
		Files.delete(lockFile());
	}

	/**
	 * The link is there only between the two looks at the file, before and after it is
	 * opened, which strace(1) holds up.
	 */
	@Test
	void openWhenLockFileIsLinkForMomentLeavesWhatItLeadsTo() throws IOException {
		Path target = Files.writeString(this.directory.resolve("target"), "precious");
		Path original = Files.createFile(lockFile());
		Path aside = this.directory.resolve("aside");
		Strace strace = new Strace(this.directory.resolve("trace"));
		List<String> command = strace.command(ChildJvm.command(Opener.class, this.path, "-"), "-P",
				lockFile().toString(), "-e", "trace=openat,statx", "-e", "inject=openat:delay_enter=2000000:when=2",
				"-e", "inject=statx:delay_enter=2000000:when=2");
		try (PeerProcess opener = PeerProcess.start(command)) {
			awaitCalls(strace, "statx", 1);
			Files.move(original, aside);
			Files.createSymbolicLink(lockFile(), target);
			awaitCalls(strace, "openat", 2);
			Files.move(aside, lockFile(), StandardCopyOption.REPLACE_EXISTING);
			opener.readLine();
		}
		assertThat(target).hasContent("precious");
		Files.delete(lockFile());
	}

	/**
	 * Wait until so many calls have returned.
	 */
	private static void awaitCalls(Strace strace, String name, int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> Files.exists(strace.file()) && strace.calls()
				.stream()
				.filter((call) -> call.name().equals(name) && call.rest().contains(") = "))
				.count() >= count);
	}

	@Test
	void openWhenLockFileHasAnotherNameLeavesIt() throws IOException {
		Path other = Files.writeString(this.directory.resolve("other"), "precious");
		Files.createLink(lockFile(), other);
		assertRefused("with 2 names");
		assertThat(other).hasContent("precious");
		Files.delete(lockFile());
	}

	@Test
	void openWhenLockHeldWithoutSocketNamesHolder() throws IOException {
		try (PeerProcess other = PeerProcess.startReady(ChildJvm.command(LockHolder.class, lockFile()))) {
			assertInUse("process " + other.pid());
		}
		Files.delete(lockFile());
	}

	@Test
	void openWhenTwoStartTogetherOneOfThemServes() {
		try (PeerProcess one = PeerProcess.start(ChildJvm.command(Starter.class, this.path));
				PeerProcess other = PeerProcess.start(ChildJvm.command(Starter.class, this.path))) {
			List<PeerProcess> starters = List.of(one, other);
			for (int i = 0; i < Integer.getInteger("fdbroker.proof.starts", 200); i++) {
				starters.forEach((starter) -> starter.writeLine("open"));
				List<String> results = starters.stream().map(PeerProcess::readLine).toList();
				assertThat(results).as("start %d", i).containsOnlyOnce("serves");
				assertThat(results).anyMatch((result) -> result.contains("is served by process "));
				starters.forEach((starter) -> starter.writeLine("close"));
				assertThat(starters).extracting(PeerProcess::readLine).containsOnly("closed");
			}
		}
	}

	@Test
	void openWhenManyRaceExactlyOneWins() throws IOException {
		List<PeerProcess> racers = IntStream.range(0, 3)
			.mapToObj((i) -> PeerProcess.start(ChildJvm.command(Racer.class, this.path)))
			.toList();
		try {
			for (PeerProcess racer : racers) {
				assertThat(racer.readLine()).isEqualTo("held alone: true");
			}
		}
		finally {
			racers.forEach(PeerProcess::close);
		}
		assertThat(list()).isEmpty();
	}

	@Test
	void openWhenThreadsRaceExactlyOneWins() throws Exception {
		for (int i = 0; i < 50; i++) {
			FutureTask<FdServerSocket> first = new FutureTask<>(this::open);
			FutureTask<FdServerSocket> second = new FutureTask<>(this::open);
			new Thread(first).start();
			new Thread(second).start();
			List<FdServerSocket> won = Stream.of(first, second).flatMap(FdServerSocketTests::winner).toList();
			assertThat(won).hasSize(1);
			won.get(0).close();
		}
	}

	@Test
	void closeWhenFileWasReplacedLeavesIt() throws IOException {
		FdServerSocket server = open();
		Files.delete(this.path);
		Files.writeString(this.path, "of somebody else");
		server.close();
		assertThat(this.path).hasContent("of somebody else");
	}

	@Test
	void closeWhenFileIsGoneSucceeds() throws IOException {
		FdServerSocket server = open();
		Files.delete(this.path);
		server.close();
		assertThat(list()).isEmpty();
	}

	@Test
	void openWhenDirectoryMissingFailsWithAdvice() {
		this.path = this.directory.resolve("missing/s");
		assertRefused("there is no directory " + this.path.getParent(), "fdbroker.sockets.test.create-directory=true");
	}

	@Test
	void openWhenDirectoryToBeCreatedMakesItPrivate() throws IOException {
		this.path = this.directory.resolve("new/er/s");
		try (FdServerSocket server = open(settings(null, true))) {
			assertThat(mode(this.path.getParent())).isEqualTo("rwx------");
			assertThat(mode(this.path.getParent().getParent())).isEqualTo("rwx------");
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void openWhenParentIsNoDirectoryFails() throws IOException {
		Files.writeString(this.directory.resolve("file"), "");
		this.path = this.directory.resolve("file/s");
		assertRefused("Not a directory");
	}

	@Test
	void openWhenPathAsLongAsPossibleSucceeds() throws IOException {
		this.path = longPath(SocketPath.MAX_BYTES);
		try (FdServerSocket server = open(); FdConnection client = connect()) {
			assertThat(client.peer()).isEqualTo(Descriptors.self());
			assertThat(server.isOpen()).isTrue();
		}
	}

	@Test
	void openWhenDirectoryTooLongToPrepareInFailsWithAdvice() throws IOException {
		Path parent = longPath(SocketPath.MAX_BYTES - 4);
		Files.createDirectory(parent);
		this.path = parent.resolve("s");
		assertRefused("the path there is 4 bytes too long", "shorter path");
		assertThat(parent).isEmptyDirectory();
	}

	@Test
	void pathWhenTooLongIsRefused() {
		assertThatExceptionOfType(FdConfigurationException.class)
			.isThrownBy(() -> new SocketPath("test", longPath(SocketPath.MAX_BYTES + 1)))
			.withMessageContaining("it is 108 bytes long, and the system takes 107 at most");
	}

	@Test
	void pathWhenItNamesNoFileIsRefused() {
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(() -> new SocketPath("test", Path.of("/")))
			.withMessageContaining("it names no file");
	}

	@Test
	void acceptWhenClosedThrows() {
		FdServerSocket server = open();
		server.close();
		assertThatIOException()
			.isThrownBy(() -> server.accept(new JunixsocketTransport(), MessageSocketSettings.stream(Duration.ZERO)));
	}

	private String openAsOtherUser(Path directory, String gid) {
		OtherUser.assumeAvailable();
		try {
			Files.setAttribute(Files.createDirectory(directory), "unix:uid", OtherUser.ID);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return Peers.run(OtherUser.command(ChildJvm.command(Opener.class, directory.resolve("s"), gid))).output();
	}

	private FdServerSocket open() {
		return open(SocketFileSettings.PRIVATE);
	}

	private FdServerSocket open(SocketFileSettings settings) {
		return ServerSockets.open(new SocketPath("test", this.path), settings, 5);
	}

	private FdConnection connect() {
		return new FdConnector(new SocketPath("test", this.path), new JunixsocketTransport(), Duration.ZERO,
				MessageSocketSettings.stream(Duration.ZERO))
			.connect();
	}

	private static boolean connect(Path path) {
		new FdConnector(new SocketPath("test", path), new JunixsocketTransport(), Duration.ZERO,
				MessageSocketSettings.stream(Duration.ZERO))
			.connect()
			.close();
		return true;
	}

	private void assertRefused(String reason) {
		assertRefused(reason, "");
	}

	private void assertRefused(String reason, String action) {
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(this::open)
			.withMessageContaining("Socket 'test' cannot be at " + this.path)
			.withMessageContaining(reason)
			.extracting(FdConfigurationException::getAction)
			.asString()
			.contains(action);
	}

	private void assertInUse(String who) {
		assertThatExceptionOfType(FdConfigurationException.class).isThrownBy(this::open)
			.withMessageEndingWith(this.path + " is served by " + who)
			.extracting(FdConfigurationException::getAction)
			.asString()
			.contains("another path");
	}

	private Path lockFile() {
		return this.directory.resolve("s.lock");
	}

	private List<String> list() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.map(Path::getFileName).map(Path::toString).toList();
		}
	}

	private Path longPath(int bytes) {
		return this.directory.resolve("x".repeat(bytes - this.directory.toString().length() - 1));
	}

	private static Stream<FdServerSocket> winner(FutureTask<FdServerSocket> task) {
		try {
			return Stream.of(task.get());
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(FdConfigurationException.class);
			return Stream.empty();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void leaveStaleSocket(Path path) throws IOException {
		FileDescriptor socket = Kernel.calls().socket(SocketType.STREAM);
		Kernel.calls().bind(socket, SocketPath.bytes(path));
		Descriptors.close(socket);
	}

	private static SocketFileSettings settings(Long gid, boolean createDirectory) {
		return new SocketFileSettings(SocketFileSettings.PRIVATE.mode(), gid, createDirectory);
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
	}

	/**
	 * Opens a socket and keeps it until its standard input ends.
	 */
	static final class Opener {

		private Opener() {
		}

		public static void main(String[] arguments) throws IOException {
			Long gid = arguments[1].equals("-") ? null : Long.valueOf(arguments[1]);
			try (FdServerSocket server = ServerSockets.open(new SocketPath("test", Path.of(arguments[0])),
					settings(gid, false), 5)) {
				System.out.println(server.isOpen() ? "ready" : "closed");
				System.in.transferTo(System.out);
			}
			catch (FdConfigurationException ex) {
				System.out.println(ex.getMessage() + ". " + ex.getAction());
			}
		}

	}

	/**
	 * Opens a socket at each line of its standard input, and closes it at the next one.
	 */
	static final class Starter {

		private Starter() {
		}

		public static void main(String[] arguments) throws IOException {
			SocketPath path = new SocketPath("test", Path.of(arguments[0]));
			BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
			while (lines.readLine() != null) {
				try (FdServerSocket server = ServerSockets.open(path, SocketFileSettings.PRIVATE, 5)) {
					System.out.println(server.isOpen() ? "serves" : "closed");
					lines.readLine();
				}
				catch (FdConfigurationException ex) {
					System.out.println(ex.getMessage());
					lines.readLine();
				}
				System.out.println("closed");
			}
		}

	}

	/**
	 * Holds a lock on a file until its standard input ends.
	 */
	static final class LockHolder {

		private LockHolder() {
		}

		public static void main(String[] arguments) throws IOException {
			Path file = Files.writeString(Path.of(arguments[0]), ProcessHandle.current().pid() + "\n");
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
				System.out.println((channel.tryLock() != null) ? "ready" : "not locked");
				System.in.transferTo(System.out);
			}
		}

	}

	/**
	 * Opens and closes a socket many times, and tells which modes its file had meanwhile.
	 */
	static final class ModeWatch {

		private static final int ROUNDS = 200;

		private ModeWatch() {
		}

		public static void main(String[] arguments) throws Exception {
			Path path = Path.of(arguments[0]);
			SocketFileSettings settings = new SocketFileSettings(PosixFilePermissions.fromString(arguments[1]), null,
					false);
			Set<String> seen = ConcurrentHashMap.newKeySet();
			Thread watch = new Thread(() -> {
				while (true) {
					try {
						seen.add(mode(path));
					}
					catch (IOException ex) {
						// It is not there at the moment.
					}
				}
			});
			watch.setDaemon(true);
			watch.start();
			for (int i = 0; i < ROUNDS; i++) {
				try (FdServerSocket server = ServerSockets.open(new SocketPath("test", path), settings, 5)) {
					seen.add(mode(path));
				}
			}
			System.out.println("seen: " + seen);
		}

	}

	/**
	 * Opens a socket as often as it wins it, and looks each time whether it is the one
	 * that is connected to.
	 */
	static final class Racer {

		private static final int ROUNDS = 100;

		private Racer() {
		}

		public static void main(String[] arguments) {
			SocketPath path = new SocketPath("test", Path.of(arguments[0]));
			boolean alone = true;
			for (int won = 0; won < ROUNDS;) {
				try (FdServerSocket server = ServerSockets.open(path, SocketFileSettings.PRIVATE, 5);
						FdConnection connection = new FdConnector(path, new JunixsocketTransport(), Duration.ZERO,
								MessageSocketSettings.stream(Duration.ZERO))
							.connect()) {
					alone &= connection.peer().pid() == ProcessHandle.current().pid();
					won++;
				}
				catch (FdConfigurationException ex) {
					alone &= ex.getMessage().contains("is served by");
					Thread.onSpinWait();
				}
			}
			System.out.println("held alone: " + alone);
		}

	}

}
