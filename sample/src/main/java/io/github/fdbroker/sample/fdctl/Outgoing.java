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

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.OutgoingFdMessage;

/**
 * The message that the command line describes, and the files that are open for it.
 *
 * @param message the message
 * @param files the files
 */
record Outgoing(OutgoingFdMessage message, List<Closeable> files) implements Closeable {

	private static final String STANDARD_INPUT = "-";

	static Outgoing open(Arguments arguments, InputStream input) throws IOException {
		List<Closeable> files = new ArrayList<>();
		OutgoingFdMessage.Builder message = OutgoingFdMessage.builder().headers(arguments.headers());
		try {
			if (STANDARD_INPUT.equals(arguments.payload())) {
				message.payload(input.readAllBytes());
			}
			else if (arguments.payload() != null) {
				message.payload(arguments.payload());
			}
			for (String file : arguments.files()) {
				add(message, file, files);
			}
			return new Outgoing(message.build(), files);
		}
		catch (IOException ex) {
			closeAll(files);
			throw new UsageException(String.valueOf(ex.getMessage()));
		}
	}

	private static void add(OutgoingFdMessage.Builder message, String file, List<Closeable> files) throws IOException {
		int split = file.indexOf('=');
		boolean named = split > 0 && file.lastIndexOf('/', split) < 0;
		Object source = source(named ? file.substring(split + 1) : file, files);
		if (named) {
			message.descriptor(file.substring(0, split), source);
		}
		else {
			message.descriptor(source);
		}
	}

	private static Object source(String path, List<Closeable> files) throws IOException {
		if (path.equals(STANDARD_INPUT)) {
			return FileDescriptor.in;
		}
		FileInputStream file = new FileInputStream(path);
		files.add(file);
		return file;
	}

	@Override
	public void close() throws IOException {
		closeAll(this.files);
	}

	private static void closeAll(List<Closeable> files) throws IOException {
		for (Closeable file : files) {
			file.close();
		}
	}

}
