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

package io.github.fdbroker.hold;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.testsupport.Background;
import io.github.fdbroker.testsupport.Peers;
import io.github.fdbroker.testsupport.Proof;
import io.github.fdbroker.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Children that native code starts by posix_spawn(3), of which the Java runtime knows
 * nothing, while descriptors are received: they inherit no received descriptor, no socket
 * and no lock file.
 */
class SpawnHoldTests {

	private static final int CHILDREN = 500;

	private static final int MANY_CHILDREN = 20_000;

	/** Loaded once for all tests of this process. */
	private static final Path FILES = Path.of(System.getProperty("java.io.tmpdir"),
			"fdbroker-spawn-" + ProcessHandle.current().pid());

	private static boolean loaded;

	@TempDir
	Path directory;

	@Test
	void childrenOfNativeCodeInheritNothing() throws Exception {
		spawnWhileReceiving(CHILDREN);
	}

	@Proof
	void manyChildrenOfNativeCodeInheritNothing() throws Exception {
		spawnWhileReceiving(MANY_CHILDREN);
	}

	private void spawnWhileReceiving(int children) throws Exception {
		Peers.require("gcc");
		load();
		Path passed = Files.writeString(this.directory.resolve("passed"), "content");
		FileDescriptor file = closeOnExec(passed);
		Set<String> others = inherited(1);
		TestApplication.with(this.directory, Listener.class, new Listener()).run((context) -> {
			FdBroker broker = context.getBean(FdBroker.class);
			Background<Set<String>> spawning = Background.call(() -> inherited(children));
			int messages = 0;
			while (!spawning.isDone()) {
				assertThat(broker.to("handoff").descriptor(file).descriptor(file).requestPayload(String.class))
					.isEqualTo("2");
				messages++;
			}
			Set<String> inherited = spawning.get();
			inherited.removeAll(others);
			// The Java runtime opens the files of its control group for a moment, now and
			// then.
			inherited.removeIf((target) -> target.startsWith("/sys/fs/cgroup/"));
			System.out.printf("%d children during %d messages with descriptors inherited %s%n", children, messages,
					inherited);
			assertThat(inherited).isEmpty();
			assertThat(messages).isPositive();
		});
		Descriptors.close(file);
	}

	/**
	 * The Java runtime does not open files in this way everywhere.
	 */
	private static FileDescriptor closeOnExec(Path path) throws IOException {
		try (FileInputStream file = new FileInputStream(path.toFile())) {
			return Descriptors.duplicate(file.getFD());
		}
	}

	/**
	 * Start children one after another, and return what any of them inherited.
	 */
	private static Set<String> inherited(int children) throws IOException {
		Path list = FILES.resolve("list");
		Files.writeString(list, "");
		assertThat(spawn0(children)).isEqualTo(children);
		return new TreeSet<>(Files.readAllLines(list));
	}

	private static synchronized void load() throws IOException {
		if (loaded) {
			return;
		}
		Files.createDirectories(FILES);
		compile("child", "", """
				#include <stdio.h>
				#include <unistd.h>
				int main(int count, char **arguments) {
					char name[64], target[512];
					for (int fd = 3; fd < 1024; fd++) {
						snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
						ssize_t length = readlink(name, target, sizeof target - 1);
						if (length > 0) {
							target[length] = 0;
							FILE *list = fopen(arguments[1], "a");
							fprintf(list, "%s\\n", target);
							fclose(list);
						}
					}
					return 0;
				}
				""");
		compile("libspawn.so", "-shared -fPIC", """
				#include <spawn.h>
				#include <sys/wait.h>
				int Java_io_github_fdbroker_hold_SpawnHoldTests_spawn0(void *environment, void *type, int count) {
					char *arguments[] = { "FILES/child", "FILES/list", 0 }, *none[] = { 0 };
					int ended = 0;
					for (int i = 0; i < count; i++) {
						pid_t child;
						int status;
						if (posix_spawn(&child, arguments[0], 0, 0, arguments, none) == 0) {
							ended += waitpid(child, &status, 0) == child && status == 0;
						}
					}
					return ended;
				}
				""");
		System.load(FILES.resolve("libspawn.so").toString());
		loaded = true;
	}

	private static void compile(String name, String options, String source) throws IOException {
		Path file = Files.writeString(FILES.resolve(name + ".c"), source.replace("FILES", FILES.toString()));
		String command = "gcc %s -o %s %s".formatted(options, FILES.resolve(name), file);
		Peers.Result compiled = Peers.run(List.of("sh", "-c", command));
		assertThat(compiled.exitCode()).as(compiled.output()).isZero();
	}

	private static native int spawn0(int count);

	static class Listener {

		@FdListener(TestApplication.SOCKET)
		String handle(FdMessage message) {
			return Integer.toString(message.descriptors().size());
		}

	}

}
