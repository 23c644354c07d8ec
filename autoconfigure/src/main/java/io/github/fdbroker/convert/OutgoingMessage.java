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
import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.system.BorrowedFd;

/**
 * A message that is ready to be sent, with the descriptors it borrowed for that.
 */
public final class OutgoingMessage implements AutoCloseable {

	private final FdMessage message;

	private final List<BorrowedFd> loans;

	OutgoingMessage(FdMessage message) {
		this.message = message;
		this.loans = new ArrayList<>(message.attachments().size());
	}

	void add(BorrowedFd loan) {
		this.loans.add(loan);
	}

	/**
	 * Return the message, whose payload is a {@code byte[]}.
	 * @return the message
	 */
	public FdMessage message() {
		return this.message;
	}

	/**
	 * Return the descriptors, which stay open until this is closed.
	 * @return the descriptors, in order
	 */
	public List<FileDescriptor> descriptors() {
		if (this.loans.size() == 1) {
			return List.of(this.loans.get(0).descriptor());
		}
		List<FileDescriptor> descriptors = new ArrayList<>(this.loans.size());
		for (BorrowedFd loan : this.loans) {
			descriptors.add(loan.descriptor());
		}
		return descriptors;
	}

	/**
	 * Give the descriptors back.
	 */
	@Override
	public void close() {
		for (BorrowedFd loan : this.loans) {
			loan.close();
		}
	}

}
