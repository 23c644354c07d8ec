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

package io.github.fdbroker.test;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.DescriptorHandle;

/**
 * How the open descriptors of a process differ from those before.
 *
 * @param left what was opened since, by its number
 * @param gone what was closed since, by its number
 */
record DescriptorChanges(Map<Integer, String> left, Map<Integer, String> gone) {

	static DescriptorChanges between(Map<Integer, String> before, Map<Integer, String> after) {
		return new DescriptorChanges(difference(after, before), difference(before, after));
	}

	/**
	 * Whether nothing is left open or was closed. An application that stops and starts a
	 * socket replaces the sockets without a name that wake its threads.
	 */
	boolean areNone() {
		boolean replaced = TestDirectory.isUsed() && this.left.size() == this.gone.size()
				&& areSockets(this.gone.values())
				&& this.left.keySet().stream().allMatch(DescriptorChanges::isUnixStream);
		return replaced || this.left.isEmpty() && this.gone.isEmpty();
	}

	private static boolean isUnixStream(int number) {
		SocketKind socket = new DescriptorHandle(number).kind().socket();
		return socket != null && socket.family() == Family.UNIX && socket.type() == SocketType.STREAM
				&& socket.connected();
	}

	private static boolean areSockets(Collection<String> targets) {
		return targets.stream().allMatch((target) -> target.startsWith("socket:"));
	}

	private static Map<Integer, String> difference(Map<Integer, String> all, Map<Integer, String> without) {
		Map<Integer, String> difference = new TreeMap<>(all);
		difference.entrySet().removeAll(without.entrySet());
		return difference;
	}

	@Override
	public String toString() {
		Map<Integer, String> described = new TreeMap<>(this.left);
		described.replaceAll(OpenDescriptors::describe);
		return "Descriptors left open: " + described + ", closed though not opened here: " + this.gone;
	}

}
