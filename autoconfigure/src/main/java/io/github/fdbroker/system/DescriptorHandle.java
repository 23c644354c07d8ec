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
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

import io.github.fdbroker.FdException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;

/**
 * The one owner of an open descriptor. Calls use the descriptor between
 * {@link #acquire()} and {@link #release()}, so a close waits for them.
 */
public final class DescriptorHandle extends CountedDescriptor implements OwnedFd {

	/** Loaded with this class: a full descriptor table must not keep it from that. */
	private static final DescriptorRun EMPTY = DescriptorRun.EMPTY;

	/** Set before the descriptor is handed out. */
	private DescriptorConversion conversion = DescriptorConversion.NONE;

	/**
	 * Take ownership of a descriptor.
	 * @param descriptor the descriptor
	 */
	public DescriptorHandle(FileDescriptor descriptor) {
		super(descriptor);
	}

	/**
	 * Take ownership of a descriptor that no object of the Java runtime stands for yet.
	 * @param number the number of the descriptor
	 */
	public DescriptorHandle(int number) {
		super(number);
	}

	/**
	 * Set what gives the descriptor to objects of other types.
	 * @param conversion the conversion
	 * @return this handle
	 */
	public DescriptorHandle convertibleBy(DescriptorConversion conversion) {
		this.conversion = conversion;
		return this;
	}

	/**
	 * Watch whether the application closes the descriptor, which it receives now. If that
	 * fails, the descriptor is closed.
	 * @return this handle
	 */
	public DescriptorHandle escape() {
		try {
			return watched();
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	private DescriptorHandle watched() {
		markEscaped();
		this.conversion.escaped(this);
		return this;
	}

	/**
	 * Borrow the descriptor. It stays open until the borrower has finished, even if this
	 * handle is closed meanwhile.
	 * @return the borrowed descriptor
	 * @throws IllegalStateException if it is no longer owned, or another user has it
	 * alone
	 */
	public BorrowedFd lend() {
		return new BorrowedFd(acquire(), this::release);
	}

	@Override
	public FileDescriptor fileDescriptor() {
		return use((descriptor) -> descriptor);
	}

	@Override
	public int number() {
		return use((descriptor) -> acquiredNumber());
	}

	@Override
	public FdKind kind() {
		return use(DescriptorInspector::inspect);
	}

	@Override
	public <T> T into(Class<T> type) {
		FileDescriptor acquired = acquireAlone();
		boolean taken = false;
		try {
			T result = convert(acquired, type);
			detachAcquired();
			taken = true;
			return result;
		}
		finally {
			if (!taken) {
				release();
			}
		}
	}

	private <T> T convert(FileDescriptor acquired, Class<T> type) {
		if (type != OwnedFd.class) {
			return this.conversion.convert(acquired, DescriptorInspector.inspect(acquired), type);
		}
		T result = type.cast(new DescriptorHandle(acquired).convertibleBy(this.conversion).watched());
		endCharge();
		return result;
	}

	@Override
	public OwnedFd dup() {
		return use((original) -> {
			try {
				return new DescriptorHandle(Descriptors.duplicate(original)).convertibleBy(this.conversion).escape();
			}
			catch (IOException ex) {
				throw new FdException("The descriptor cannot be duplicated: " + ex.getMessage(), ex);
			}
		});
	}

	@Override
	public void close() {
		closeOnce();
	}

	@Override
	public void closeAll(List<? extends OwnedFd> descriptors) {
		closeEach(descriptors);
	}

	/**
	 * Close descriptors, those with consecutive numbers in one system call.
	 * @param descriptors the descriptors
	 */
	public static void closeEach(List<? extends OwnedFd> descriptors) {
		DescriptorRun run = EMPTY;
		try {
			for (OwnedFd descriptor : descriptors) {
				if (descriptor instanceof DescriptorHandle handle) {
					run = handle.closeWith(run);
				}
				else {
					descriptor.close();
				}
			}
		}
		finally {
			run.close();
		}
	}

	@Override
	public FileDescriptor detach() {
		return detachIdle();
	}

	@Override
	public boolean isOpen() {
		return isOwned();
	}

	@Override
	public String toString() {
		return isOpen() ? "OwnedFd[" + kind() + "]" : "OwnedFd[closed or taken]";
	}

	private <T> T use(Function<FileDescriptor, T> action) {
		FileDescriptor acquired = acquire();
		try {
			return action.apply(acquired);
		}
		finally {
			release();
		}
	}

}
