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

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.FileDescriptors;

/**
 * The open descriptors of this process, as {@code /proc} shows them.
 */
final class OpenDescriptors {

	private static final Path TABLE = Path.of("/proc/self/fd");

	static {
		// The first channel of a kind opens descriptors that the Java runtime keeps.
		try (FileChannel file = FileChannel.open(Path.of("/dev/null"));
				SocketChannel socket = SocketChannel.open();
				Selector selector = Selector.open()) {
			socket.configureBlocking(false).register(selector, 0);
			selector.selectNow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private OpenDescriptors() {
	}

	static Map<Integer, String> list() {
		Map<Integer, String> open = new TreeMap<>();
		try (Stream<Path> entries = Files.list(TABLE)) {
			for (Path entry : entries.toList()) {
				String target = target(entry);
				int number = Integer.parseInt(entry.getFileName().toString());
				if (!isOfRuntime(target) && !isOfContext(number, target)) {
					open.put(number, target);
				}
			}
			return open;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what {@code /proc} calls a descriptor, what kind it is, and its addresses.
	 */
	static String describe(int number, String target) {
		String kind = target + ", " + new DescriptorHandle(number).kind();
		if (!target.startsWith("socket:")) {
			return kind;
		}
		return "%s from %s to %s".formatted(kind, address(number, false), address(number, true));
	}

	private static String target(Path entry) {
		try {
			return Files.readSymbolicLink(entry).toString();
		}
		catch (IOException ex) {
			// Closed since it was listed, as the descriptor of the listing itself is.
			return TABLE.toString();
		}
	}

	private static boolean isOfRuntime(String target) {
		return target.endsWith(".jar") || target.endsWith("/modules") || target.endsWith("/fd")
				|| target.startsWith("/sys/fs/cgroup/") || target.equals("/dev/random") || target.equals("/dev/urandom")
				|| isOfLibffi(target);
	}

	/**
	 * JNA makes its calls by code in a file that libffi keeps open.
	 */
	private static boolean isOfLibffi(String target) {
		return target.matches(".*[/:]ffi\\w{6} \\(deleted\\)|/memfd:libffi \\(deleted\\)");
	}

	private static boolean isOfContext(int number, String target) {
		if (!target.startsWith("socket:")) {
			return target.startsWith("/") && TestDirectory.contains(Path.of(target));
		}
		SocketAddress own = address(number, false);
		return isOfAttachment(own)
				|| TestDirectory.isUsed() && (isOfContext(own) || isOfContext(address(number, true)));
	}

	/**
	 * The Java runtime listens for tools and agents that attach to it.
	 */
	private static boolean isOfAttachment(@Nullable SocketAddress address) {
		return address instanceof UnixDomainSocketAddress unix && unix.toString().contains("/.java_pid");
	}

	private static boolean isOfContext(@Nullable SocketAddress address) {
		return address instanceof UnixDomainSocketAddress unix && TestDirectory.contains(unix.getPath());
	}

	private static @Nullable SocketAddress address(int number, boolean peer) {
		FileDescriptor descriptor = FileDescriptors.of(number);
		try {
			return Descriptors.address(descriptor, peer);
		}
		catch (IOException ex) {
			// It is not connected, or was closed since it was listed.
			return null;
		}
	}

}
