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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.system.PrintableText;

/**
 * The address of an {@code AF_UNIX} socket (see unix(7)): the path of its file, or an
 * abstract name, which is written with an {@code @} in place of its first byte.
 */
public final class UnixAddress {

	private static final char ABSTRACT = '@';

	/** As in {@code sun_path}, without what ends a path: abstract names begin with 0. */
	private final byte[] name;

	private UnixAddress(byte[] name) {
		this.name = name;
	}

	/**
	 * Create an address.
	 * @param address a path, or an abstract name that begins with {@code @}
	 * @return the address
	 */
	public static UnixAddress of(String address) {
		Assert.hasLength(address, "'address' must not be empty");
		byte[] name = address.getBytes(StandardCharsets.UTF_8);
		if (address.charAt(0) == ABSTRACT) {
			name[0] = 0;
		}
		return new UnixAddress(name);
	}

	/**
	 * Create the address that the kernel reports in {@code sun_path}.
	 * @return {@code null} if it is none
	 */
	static @Nullable UnixAddress received(byte[] name) {
		int length = name.length;
		if (length > 0 && name[0] != 0) {
			length = 1;
			while (length < name.length && name[length] != 0) {
				length++;
			}
		}
		return (length > 0) ? new UnixAddress(Arrays.copyOf(name, length)) : null;
	}

	/**
	 * Create the address that the kernel wrote into memory that was zero: how long an
	 * abstract name is can only be guessed then.
	 */
	static @Nullable UnixAddress receivedPadded(byte[] name) {
		int length = name.length;
		while (length > 0 && name[length - 1] == 0) {
			length--;
		}
		return received(Arrays.copyOf(name, length));
	}

	/**
	 * Whether this is an abstract name, which no file stands for.
	 * @return {@code false} for a path
	 */
	public boolean isAbstract() {
		return this.name[0] == 0;
	}

	byte[] name() {
		return this.name;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof UnixAddress address && Arrays.equals(address.name, this.name);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.name);
	}

	/**
	 * Return the path, or the abstract name with an {@code @} for each zero byte, and
	 * what is not printable escaped.
	 */
	@Override
	public String toString() {
		return PrintableText.escape(new String(this.name, StandardCharsets.UTF_8).replace((char) 0, ABSTRACT));
	}

}
