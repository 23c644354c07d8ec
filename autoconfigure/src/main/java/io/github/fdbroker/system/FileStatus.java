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

package io.github.fdbroker.system;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel says of an open file.
 *
 * @param mode its type and permissions, as in {@code st_mode} (inode(7)), or -1 where the
 * system does not tell
 * @param flags its status flags and access mode, as by {@code F_GETFL} (fcntl(2)), or -1
 * where the system does not tell
 */
public record FileStatus(int mode, int flags) {

	private static final int OCTAL = 8;

	private static final int INFO_BYTES = 128;

	private static final Pattern FLAGS = Pattern.compile("flags:\\s*([0-7]+)");

	/**
	 * Return the status of an open file: by system calls where they are within reach,
	 * else from the files that stand for them.
	 * @param descriptor the descriptor
	 * @return the status
	 */
	public static FileStatus of(FileDescriptor descriptor) {
		int number = Descriptors.number(descriptor);
		NativeDescriptors natives = NativeDescriptors.instance();
		return (natives != null) ? new FileStatus(natives.mode(number), natives.flags(number))
				: new FileStatus(listedMode(number), listedFlags(number));
	}

	/**
	 * {@code /dev/fd/<n>} leads to the open file.
	 */
	private static int listedMode(int number) {
		try {
			return (int) Files.getAttribute(Path.of("/dev/fd/" + number), "unix:mode");
		}
		catch (IOException ex) {
			return -1;
		}
	}

	/**
	 * See proc(5).
	 */
	private static int listedFlags(int number) {
		try (FileInputStream info = new FileInputStream("/proc/self/fdinfo/" + number)) {
			String text = new String(info.readNBytes(INFO_BYTES), StandardCharsets.US_ASCII);
			Matcher flags = FLAGS.matcher(text);
			return flags.find() ? Integer.parseInt(flags.group(1), OCTAL) : -1;
		}
		catch (IOException ex) {
			return -1;
		}
	}

}
