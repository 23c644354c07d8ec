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

package io.github.fdbroker.autoconfigure;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * The permissions of a socket file.
 *
 * @param permissions the permissions
 */
public record SocketMode(Set<PosixFilePermission> permissions) {

	private static final Pattern OCTAL = Pattern.compile("0[0-7]{3}");

	private static final Pattern SYMBOLS = Pattern.compile("([r-][w-][x-]){3}");

	private static final int OCTAL_RADIX = 8;

	private static final int MAX = 0777;

	private static final int BITS = 9;

	/**
	 * Read a mode as text: octal as for chmod(1), such as {@code 0660}, or as ls(1) shows
	 * it, such as {@code rw-rw----}.
	 * @param text the mode
	 * @return the mode
	 */
	public static SocketMode of(String text) {
		if (OCTAL.matcher(text).matches()) {
			return of(Integer.valueOf(text, OCTAL_RADIX));
		}
		Assert.isTrue(SYMBOLS.matcher(text).matches(), () -> invalid(text));
		return new SocketMode(PosixFilePermissions.fromString(text));
	}

	/**
	 * Convert a number to a mode. YAML reads {@code 0660} without quotes as an octal
	 * number.
	 * @param bits the number
	 * @return the mode
	 */
	public static SocketMode of(Integer bits) {
		Assert.isTrue(bits >= 0 && bits <= MAX, () -> invalid(bits));
		StringBuilder symbols = new StringBuilder();
		for (int i = 0; i < BITS; i++) {
			boolean set = (bits & (1 << (BITS - 1 - i))) != 0;
			symbols.append(set ? "rwx".charAt(i % 3) : '-');
		}
		return new SocketMode(PosixFilePermissions.fromString(symbols.toString()));
	}

	private static String invalid(Object mode) {
		return "'" + mode + "' is not a mode; write it in octal with a leading zero, such as 0660, "
				+ "or as nine letters, such as rw-rw----";
	}

	@Override
	public String toString() {
		return PosixFilePermissions.toString(this.permissions);
	}

}
