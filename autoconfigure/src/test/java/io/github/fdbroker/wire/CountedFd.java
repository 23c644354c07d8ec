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

package io.github.fdbroker.wire;

import java.io.FileDescriptor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;

/**
 * Stands for a descriptor, and tells whether it was closed: decoders never look at the
 * number.
 */
final class CountedFd implements OwnedFd {

	private final AtomicInteger closes = new AtomicInteger();

	static List<CountedFd> list(int count) {
		return IntStream.range(0, count).mapToObj((index) -> new CountedFd()).toList();
	}

	@Override
	public FileDescriptor fileDescriptor() {
		throw new UnsupportedOperationException();
	}

	@Override
	public int number() {
		throw new UnsupportedOperationException();
	}

	@Override
	public FdKind kind() {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> T into(Class<T> type) {
		throw new UnsupportedOperationException();
	}

	@Override
	public OwnedFd dup() {
		throw new UnsupportedOperationException();
	}

	@Override
	public FileDescriptor detach() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isOpen() {
		return this.closes.get() == 0;
	}

	@Override
	public void close() {
		this.closes.incrementAndGet();
	}

}
