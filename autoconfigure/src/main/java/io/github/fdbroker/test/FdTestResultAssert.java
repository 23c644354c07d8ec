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

import java.util.Arrays;
import java.util.Objects;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.AbstractObjectAssert;
import org.assertj.core.api.Assertions;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdRemoteException;
import io.github.fdbroker.OwnedFd;

/**
 * Assertions on what a client or server received.
 */
public final class FdTestResultAssert extends AbstractAssert<FdTestResultAssert, FdTestResult> {

	FdTestResultAssert(FdTestResult actual) {
		super(actual, FdTestResultAssert.class);
	}

	/**
	 * Verify that it is a message, not an error or the end of the connection.
	 * @return this assertion
	 */
	public FdTestResultAssert isMessage() {
		message();
		return this;
	}

	/**
	 * Verify the payload as text.
	 * @param text the payload, in UTF-8
	 * @return this assertion
	 */
	public FdTestResultAssert hasPayload(String text) {
		if (!message().text().equals(text)) {
			failWithMessage("Expected the payload '%s', but it is '%s'", text, message().text());
		}
		return this;
	}

	/**
	 * Verify the payload as bytes.
	 * @param bytes the payload
	 * @return this assertion
	 */
	public FdTestResultAssert hasPayload(byte[] bytes) {
		if (!Arrays.equals(message().payload(), bytes)) {
			failWithMessage("Expected the payload %s, but it is %s", Arrays.toString(bytes),
					Arrays.toString(message().payload()));
		}
		return this;
	}

	/**
	 * Return assertions on the payload, read by the message converters.
	 * @param type the type of the payload
	 * @return assertions on the payload
	 */
	public AbstractObjectAssert<?, ?> payload(Class<?> type) {
		return Assertions.assertThatObject((Object) message().payload(type));
	}

	/**
	 * Verify a header.
	 * @param name the name
	 * @param value the value
	 * @return this assertion
	 */
	public FdTestResultAssert hasHeader(String name, String value) {
		if (!Objects.equals(message().headers().get(name), value)) {
			failWithMessage("Expected the header '%s' to be '%s', but the headers are %s", name, value,
					message().headers());
		}
		return this;
	}

	/**
	 * Verify the number of descriptors.
	 * @param count the number
	 * @return this assertion
	 */
	public FdTestResultAssert hasDescriptors(int count) {
		if (message().attachments().size() != count) {
			failWithMessage("Expected %d descriptors, but there are %d: %s", count, message().attachments().size(),
					message().attachments());
		}
		return this;
	}

	/**
	 * Return assertions on a descriptor.
	 * @param index its position, from 0
	 * @return assertions on the descriptor
	 */
	public OwnedFdAssert descriptor(int index) {
		if (message().attachments().size() <= index) {
			failWithMessage("Expected a descriptor %d, but there are %d", index, message().attachments().size());
		}
		return new OwnedFdAssert(message().descriptor(index)).as("descriptor %d", index);
	}

	/**
	 * Return assertions on a descriptor.
	 * @param name its name
	 * @return assertions on the descriptor
	 */
	public OwnedFdAssert descriptor(String name) {
		OwnedFd descriptor = message().descriptor(name)
			.orElseThrow(() -> failure("Expected a descriptor named '%s', but there are: %s", name,
					message().attachments()));
		return new OwnedFdAssert(descriptor).as("descriptor '%s'", name);
	}

	/**
	 * Verify the user of the sender of a message to a server.
	 * @param uid the number of the user
	 * @return this assertion
	 */
	public FdTestResultAssert isFromUser(long uid) {
		String sender = String.valueOf(this.actual.sender());
		if (this.actual.sender() == null || this.actual.sender().credentials() == null
				|| this.actual.sender().credentials().uid() != uid) {
			failWithMessage("Expected a sender with uid %d, but it is %s", uid, sender);
		}
		return this;
	}

	/**
	 * Verify that it is an error that the other side sent.
	 * @return this assertion
	 */
	public FdTestResultAssert isError() {
		remote();
		return this;
	}

	/**
	 * Verify the type of an error.
	 * @param type the class of the exception that the listener threw
	 * @return this assertion
	 */
	public FdTestResultAssert hasErrorType(Class<? extends Throwable> type) {
		if (!remote().getType().equals(type.getName())) {
			failWithMessage("Expected an error of type %s, but received %s", type.getName(), this.actual);
		}
		return this;
	}

	/**
	 * Verify the text of an error.
	 * @param part a part of the text
	 * @return this assertion
	 */
	public FdTestResultAssert hasErrorContaining(String part) {
		if (!remote().getText().contains(part)) {
			failWithMessage("Expected an error with '%s', but received %s", part, this.actual);
		}
		return this;
	}

	/**
	 * Verify the status of an error in the format {@code apue}.
	 * @param status the status
	 * @return this assertion
	 */
	public FdTestResultAssert hasErrorStatus(int status) {
		if (remote().getStatus() != status) {
			failWithMessage("Expected an error with the status %d, but received %s", status, this.actual);
		}
		return this;
	}

	/**
	 * Verify that the other side refused or closed the connection.
	 * @return this assertion
	 */
	public FdTestResultAssert isClosed() {
		if (!this.actual.isEnd() && !(this.actual.failure() instanceof FdConnectException)) {
			failWithMessage("Expected the connection to be closed, but received %s", this.actual);
		}
		return this;
	}

	private FdMessage message() {
		isNotNull();
		return this.actual.message();
	}

	private FdRemoteException remote() {
		isNotNull();
		if (this.actual.failure() instanceof FdRemoteException remote) {
			return remote;
		}
		throw failure("Expected an error, but received %s", this.actual);
	}

}
