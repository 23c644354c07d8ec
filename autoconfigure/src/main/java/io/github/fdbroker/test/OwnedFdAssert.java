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

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.assertj.core.api.AbstractAssert;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.SystemCalls;

/**
 * Assertions on a descriptor, which stays open.
 */
public final class OwnedFdAssert extends AbstractAssert<OwnedFdAssert, OwnedFd> {

	private static final int PATIENCE_MILLIS = 10_000;

	OwnedFdAssert(OwnedFd actual) {
		super(actual, OwnedFdAssert.class);
	}

	/**
	 * Verify that the descriptor is open.
	 * @return this assertion
	 */
	public OwnedFdAssert isOpen() {
		if (!this.actual.isOpen()) {
			failWithMessage("Expected the descriptor to be open, but it is closed or was taken");
		}
		return this;
	}

	/**
	 * Verify that the descriptor is closed, or was taken.
	 * @return this assertion
	 */
	public OwnedFdAssert isClosed() {
		if (this.actual.isOpen()) {
			failWithMessage("Expected the descriptor to be closed, but it is %s", this.actual.kind());
		}
		return this;
	}

	/**
	 * Verify the type of file.
	 * @param type the type
	 * @return this assertion
	 */
	public OwnedFdAssert hasType(FdKind.Type type) {
		if (kind().type() != type) {
			failWithMessage("Expected a descriptor of type %s, but it is %s", type, kind());
		}
		return this;
	}

	/**
	 * Verify that the descriptor is a socket.
	 * @param type the type of the socket
	 * @return this assertion
	 */
	public OwnedFdAssert isSocket(SocketType type) {
		FdKind.SocketKind socket = kind().socket();
		if (socket == null || socket.type() != type) {
			failWithMessage("Expected a socket of type %s, but it is %s", type, kind());
		}
		return this;
	}

	/**
	 * Verify the access mode.
	 * @param access the access mode
	 * @return this assertion
	 */
	public OwnedFdAssert hasAccess(FdKind.Access access) {
		if (kind().access() != access) {
			failWithMessage("Expected the access mode %s, but it is %s", access, kind());
		}
		return this;
	}

	/**
	 * Verify that the descriptor is open for reading only.
	 * @return this assertion
	 */
	public OwnedFdAssert isReadOnly() {
		return hasAccess(FdKind.Access.READ);
	}

	/**
	 * Verify that the descriptor refers to a file.
	 * @param path the path of the file
	 * @return this assertion
	 */
	public OwnedFdAssert refersTo(Path path) {
		Path link = Path.of("/proc/self/fd/" + this.actual.number());
		try {
			if (!Files.isSameFile(link, path)) {
				failWithMessage("Expected a descriptor of %s, but it is one of %s", path, Files.readSymbolicLink(link));
			}
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Verify the content as text.
	 * @param text the content, in UTF-8
	 * @return this assertion
	 * @see #hasContent(byte[])
	 */
	public OwnedFdAssert hasContent(String text) {
		return hasContent(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Verify the content. A regular file is read from its beginning, and its offset,
	 * which it shares with other processes, stays as it is. From pipes and sockets as
	 * many bytes are read as are expected, or fewer if they end before.
	 * @param expected the content
	 * @return this assertion
	 */
	public OwnedFdAssert hasContent(byte[] expected) {
		try {
			byte[] content = (kind().type() == FdKind.Type.FILE) ? file() : stream(expected.length);
			if (!Arrays.equals(content, expected)) {
				failWithMessage("Expected the content '%s', but it is '%s'", text(expected), text(content));
			}
			return this;
		}
		catch (IOException ex) {
			throw failure("Expected the content '%s', but %s cannot be read: %s", text(expected), kind(),
					ex.getMessage());
		}
	}

	private FdKind kind() {
		isNotNull().isOpen();
		return this.actual.kind();
	}

	@SuppressWarnings("resource") // The descriptor stays open.
	private byte[] file() throws IOException {
		FileChannel file = new FileInputStream(this.actual.fileDescriptor()).getChannel();
		ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
		while (content.hasRemaining() && file.read(content, content.position()) > 0) {
			continue;
		}
		return Arrays.copyOf(content.array(), content.position());
	}

	@SuppressWarnings("resource") // The descriptor stays open.
	private byte[] stream(int length) throws IOException {
		FileInputStream stream = new FileInputStream(this.actual.fileDescriptor());
		byte[] content = new byte[length];
		int count = 0;
		while (count < length) {
			if (Kernel.calls().poll(this.actual.fileDescriptor(), SystemCalls.OP_READ, PATIENCE_MILLIS) == 0) {
				throw new IOException("nothing arrived for ten seconds after " + text(Arrays.copyOf(content, count)));
			}
			int read = stream.read(content, count, length - count);
			if (read < 0) {
				break;
			}
			count += read;
		}
		return Arrays.copyOf(content, count);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
