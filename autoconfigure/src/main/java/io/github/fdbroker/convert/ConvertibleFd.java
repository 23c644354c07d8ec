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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.function.Function;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;

/**
 * A descriptor that converters can turn into other types.
 */
final class ConvertibleFd implements OwnedFd {

	private final DescriptorHandle handle;

	private final FdConverters converters;

	ConvertibleFd(DescriptorHandle handle, FdConverters converters) {
		this.handle = handle;
		this.converters = converters;
	}

	/**
	 * Lend the descriptor: it stays open until the loan is over, whoever closes this
	 * object meanwhile.
	 */
	BorrowedFd lend() {
		return new BorrowedFd(this.handle.acquire(), this.handle::release);
	}

	@Override
	public FileDescriptor fileDescriptor() {
		return use((descriptor) -> descriptor);
	}

	@Override
	public int number() {
		return use(Descriptors::number);
	}

	@Override
	public FdKind kind() {
		return use(DescriptorInspector::inspect);
	}

	@Override
	public <T> T into(Class<T> type) {
		if (type == OwnedFd.class) {
			return type.cast(this.converters.adopt(detach()));
		}
		FileDescriptor descriptor = this.handle.acquireAlone();
		boolean taken = false;
		try {
			T result = this.converters.convert(descriptor, DescriptorInspector.inspect(descriptor), type);
			this.handle.detachAcquired();
			taken = true;
			return result;
		}
		finally {
			if (!taken) {
				this.handle.release();
			}
		}
	}

	@Override
	public OwnedFd dup() {
		return use((descriptor) -> {
			try {
				return this.converters.adopt(Descriptors.duplicate(descriptor));
			}
			catch (IOException ex) {
				throw new FdException("The descriptor cannot be duplicated: " + ex.getMessage(), ex);
			}
		});
	}

	@Override
	public FileDescriptor detach() {
		return this.handle.detach();
	}

	@Override
	public boolean isOpen() {
		return this.handle.isOpen();
	}

	@Override
	public void close() {
		this.handle.close();
	}

	@Override
	public String toString() {
		return isOpen() ? "OwnedFd[" + kind() + "]" : "OwnedFd[closed or taken]";
	}

	private <T> T use(Function<FileDescriptor, T> action) {
		FileDescriptor descriptor = this.handle.acquire();
		try {
			return action.apply(descriptor);
		}
		finally {
			this.handle.release();
		}
	}

}
