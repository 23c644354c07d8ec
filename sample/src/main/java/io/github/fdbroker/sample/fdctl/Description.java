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

package io.github.fdbroker.sample.fdctl;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.Descriptors;

/**
 * Describes a message in text, one line for each of its parts.
 */
final class Description {

	private static final int LONGEST_TEXT = 200;

	private Description() {
	}

	static List<String> of(FdMessage message, String origin) {
		List<String> lines = new ArrayList<>();
		byte[] payload = (byte[]) message.payload();
		lines.add("message %s with %d bytes and %d descriptors".formatted(origin, payload.length,
				message.attachments().size()));
		message.headers()
			.forEach((name, value) -> lines.add("header %s=%s".formatted(printable(name), printable(value))));
		if (payload.length > 0) {
			lines.add("payload " + printable(message.text()));
		}
		for (int i = 0; i < message.attachments().size(); i++) {
			lines.add("descriptor " + i + name(message.attachments().get(i)) + ": " + describe(message.descriptor(i)));
		}
		return lines;
	}

	private static String name(Attachment attachment) {
		return (attachment.name() != null) ? " '" + printable(attachment.name()) + "'" : "";
	}

	private static String describe(OwnedFd descriptor) {
		FdKind kind = descriptor.kind();
		return kind + ((kind.socket() != null) ? addresses(descriptor.fileDescriptor())
				: file(descriptor.number(), kind.type() == FdKind.Type.FILE));
	}

	private static String addresses(FileDescriptor socket) {
		try {
			SocketAddress peer = Descriptors.address(socket, true);
			return ", at " + name(Descriptors.address(socket, false)) + ((peer != null) ? ", to " + name(peer) : "");
		}
		catch (IOException ex) {
			return "";
		}
	}

	private static String name(@Nullable SocketAddress address) {
		String text = String.valueOf(address);
		return (address == null || text.isEmpty()) ? "no address" : printable(text);
	}

	private static String file(int number, boolean sized) {
		Path link = Path.of("/proc/self/fd/" + number);
		try {
			return (sized ? ", " + Files.size(link) + " bytes" : "") + ", "
					+ printable(Files.readSymbolicLink(link).toString());
		}
		catch (IOException ex) {
			return "";
		}
	}

	/**
	 * Return text that a terminal shows in one line, without control characters.
	 */
	private static String printable(String text) {
		StringBuilder printable = new StringBuilder();
		text.codePoints().limit(LONGEST_TEXT).forEach((code) -> {
			if (Character.isISOControl(code) || !Character.isDefined(code)) {
				printable.append("\\u%04x".formatted(code));
			}
			else {
				printable.appendCodePoint(code);
			}
		});
		return printable + ((text.codePointCount(0, text.length()) > LONGEST_TEXT) ? "..." : "");
	}

}
