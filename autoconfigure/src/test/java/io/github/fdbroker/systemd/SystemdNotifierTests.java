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

package io.github.fdbroker.systemd;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.socket.TransportMode;
import io.github.fdbroker.system.CloseBarrier;
import io.github.fdbroker.testsupport.PeerProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SystemdNotifier}, {@link FdStore} and {@link Watchdog} with a service
 * manager written in Python.
 */
@ExtendWith(OutputCaptureExtension.class)
class SystemdNotifierTests {

	private static final long PID = ProcessHandle.current().pid();

	private static final Transport TRANSPORT = TransportMode.AUTO.select();

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void managerWhenToldKnowsWhoSaidWhat(boolean isAbstract) {
		String address = isAbstract ? "@fdbroker-" + PID + "-" + System.nanoTime() : path();
		try (PeerProcess manager = manager(address)) {
			SystemdNotifier notifier = notifier(address);
			notifier.notifyManager("READY=1", "STATUS=Ready");
			notifier.status("of two\nlines");
			notifier.barrier(Duration.ofSeconds(20));
			assertThat(manager.readLine()).isEqualTo("told READY=1 STATUS=Ready ");
			assertThat(manager.readLine()).isEqualTo("told STATUS=of two lines ");
			assertThat(manager.readLine()).isEqualTo("told BARRIER=1 with 1");
		}
	}

	@Test
	void barrierWhenManagerIsBusyEndsInTime() {
		try (PeerProcess manager = manager(path(), "--deaf")) {
			assertThatExceptionOfType(FdTimeoutException.class)
				.isThrownBy(() -> notifier(path()).barrier(Duration.ofMillis(50)))
				.withMessageContainingAll(path(), "50 ms");
		}
	}

	@Test
	void storeWhenGivenDescriptorsKeepsThemUntilRemoved() throws IOException {
		try (PeerProcess manager = manager(path()); FileInputStream file = new FileInputStream("/dev/null")) {
			FdStore store = store(path());
			store.store("a state", file);
			store.store("other", file.getFD());
			store.store("other", Path.of("/dev/null"));
			assertThat(stored(manager)).isEqualTo("store a state,other,other");
			store.remove("other");
			assertThat(stored(manager)).isEqualTo("store a state");
			assertThat(store.take("a state", FileChannel.class)).isEmpty();
		}
	}

	@Test
	void storeWhenOtherEndIsClosedDropsWhatIsWatched() throws IOException {
		try (PeerProcess manager = manager(path())) {
			FdStore store = store(path());
			try (CloseBarrier watched = new CloseBarrier(); CloseBarrier unwatched = new CloseBarrier()) {
				store.store("unwatched", unwatched.descriptor(), false);
				store.store("watched", watched.descriptor());
			}
			manager.awaitLine("dropped watched");
			assertThat(stored(manager)).isEqualTo("store unwatched");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a:b", "line\nbreak", "ümlaut" })
	void storeWhenNameIsNotPossibleRefuses(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> store(path()).store(name, FileDescriptor.in))
			.withMessageContaining("'name'");
	}

	@Test
	void storeWhenManagerDoesNotAnnounceItWarns(CapturedOutput output) {
		try (PeerProcess manager = manager(path())) {
			new FdStore(notifier(path()), activated(), new FdSources(List.of()), Map.of()).store("state",
					FileDescriptor.in);
			assertThat(output).contains("'state'", "FileDescriptorStoreMax=");
		}
	}

	@Test
	void notifierWhenThereIsNoManagerDoesNothingAndStoreSaysSo() {
		SystemdNotifier notifier = SystemdNotifier.of(Map.of(), TRANSPORT);
		assertThat(notifier.isAvailable()).isFalse();
		notifier.notifyManager("READY=1");
		FdStore store = new FdStore(notifier, activated(), new FdSources(List.of()), Map.of());
		assertThat(store.isAvailable()).isFalse();
		assertThatExceptionOfType(FdConnectException.class).isThrownBy(() -> store.store("state", FileDescriptor.in))
			.withMessageContaining("NOTIFY_SOCKET");
	}

	@Test
	void notifierWhenManagerIsGoneOrOfAnotherFamilyOnlyWarns(CapturedOutput output) {
		notifier(path()).notifyManager("READY=1");
		assertThat(output).contains("was not notified of [READY=1]", path());
		assertThat(notifier("vsock:2:1234").isAvailable()).isFalse();
		assertThat(output).contains("vsock:2:1234");
	}

	@Test
	void watchdogWhenIntervalIsAskedForOfThisProcessHasIt() {
		assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "3000000"), PID)).contains(Duration.ofSeconds(3));
		assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "" + PID), PID))
			.contains(Duration.ofSeconds(3));
		assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "1"), PID)).isEmpty();
		assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "0"), PID)).isEmpty();
		assertThat(Watchdog.interval(Map.of("WATCHDOG_USEC", "soon"), PID)).isEmpty();
		assertThat(Watchdog.interval(Map.of(), PID)).isEmpty();
	}

	@Test
	void watchdogWhenAliveTellsAgainAndAgain() {
		boolean[] alive = { false };
		try (PeerProcess manager = manager(path());
				Watchdog watchdog = Watchdog.start(Duration.ofMillis(20), notifier(path()), () -> {
					alive[0] = !alive[0];
					return alive[0];
				})) {
			for (int i = 0; i < 3; i++) {
				assertThat(manager.readLine()).isEqualTo("told WATCHDOG=1 ");
			}
		}
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("fd-watchdog-")));
	}

	@Test
	void watchdogWhenAskingFailsGoesOn() {
		AtomicInteger asked = new AtomicInteger();
		try (PeerProcess manager = manager(path());
				Watchdog watchdog = Watchdog.start(Duration.ofMillis(20), notifier(path()), () -> {
					Assert.state(asked.getAndIncrement() > 0, "not yet");
					return true;
				})) {
			assertThat(manager.readLine()).isEqualTo("told WATCHDOG=1 ");
		}
	}

	private String path() {
		return this.directory.resolve("notify").toString();
	}

	private static PeerProcess manager(String address, String... options) {
		List<Object> arguments = new ArrayList<>(List.of("--main=" + PID));
		arguments.addAll(Arrays.asList(options));
		arguments.add(address);
		return PeerProcess.python("manager.py", arguments.toArray());
	}

	private static String stored(PeerProcess manager) {
		manager.writeLine("store");
		return manager.awaitLine("store ");
	}

	private static SystemdNotifier notifier(String address) {
		return SystemdNotifier.of(Map.of("NOTIFY_SOCKET", address), TRANSPORT);
	}

	private static FdStore store(String address) {
		return new FdStore(notifier(address), activated(), new FdSources(List.of()), Map.of("FDSTORE", "16"));
	}

	private static ActivatedDescriptors activated() {
		return new ActivatedDescriptors(List.of(), new FdConverters(List.of()));
	}

}
