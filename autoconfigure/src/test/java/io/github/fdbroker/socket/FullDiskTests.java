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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.fdbroker.socket.FdServerSocketTests.Opener;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.PeerProcess;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sockets on a file system without room: the start fails and says so, and leaves nothing
 * that keeps the next one from it.
 */
class FullDiskTests {

	@TempDir
	Path directory;

	/**
	 * The root, the lock file, the private directory and the socket in it take a place
	 * each.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void openWhenNoPlaceForFilesIsLeftSaysSo(int places) {
		assertFails("size=64k,nr_inodes=" + places, "No space left on device");
	}

	@Test
	void openWhenFileSystemIsReadOnlySaysSo() {
		assertFails("ro", "Read-only file system");
	}

	@Test
	void openWhenThereIsRoomAgainSucceeds() {
		try (PeerProcess opener = PeerProcess.start(command("size=64k,nr_inodes=3",
				"\"$@\"; mount -o remount,size=64k,nr_inodes=9 \"$0\" && exec \"$@\""))) {
			assertThat(opener.readLine()).contains("No space left on device");
			assertThat(opener.readLine()).isEqualTo("ready");
		}
	}

	private void assertFails(String options, String reason) {
		String output = Peers.run(command(options, "\"$@\"; ls -A \"$0\"")).output();
		assertThat(output).contains(reason).contains(this.directory.toString()).doesNotContain("\tat ");
		assertThat(output.lines()).noneMatch((line) -> line.equals("s.lock") || line.startsWith(".f"));
	}

	/**
	 * In a mount namespace of its own.
	 */
	private List<String> command(String options, String then) {
		OtherUser.assumeAvailable();
		Peers.require("unshare");
		List<String> command = new ArrayList<>(List.of("unshare", "-m", "sh", "-c",
				"mount -t tmpfs -o " + options + ",mode=0755 tmpfs \"$0\" && " + then, this.directory.toString()));
		command.addAll(ChildJvm.command(Opener.class, this.directory.resolve("s"), "-"));
		return command;
	}

}
