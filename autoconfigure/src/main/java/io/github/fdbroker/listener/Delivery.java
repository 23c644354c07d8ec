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

package io.github.fdbroker.listener;

import java.util.ArrayList;
import java.util.List;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdSources;

/**
 * A message on its way through a listener method, with what the method is given. Closing
 * it closes whatever of that the method did not take.
 */
final class Delivery implements AutoCloseable {

	private final FdMessage message;

	private final FdSender sender;

	private final List<Object> converted = new ArrayList<>(0);

	private final List<Object> kept = new ArrayList<>(0);

	Delivery(FdMessage message, FdSender sender) {
		this.message = message;
		this.sender = sender;
	}

	FdMessage message() {
		return this.message;
	}

	FdSender sender() {
		return this.sender;
	}

	/**
	 * Turn a descriptor into what a parameter wants.
	 * @param keep whether the method keeps it
	 */
	<T> T give(OwnedFd descriptor, Class<T> type, boolean keep) {
		if (type == OwnedFd.class && !keep) {
			return type.cast(descriptor);
		}
		T result = descriptor.into(type);
		(keep ? this.kept : this.converted).add(result);
		return result;
	}

	/**
	 * The method is called with all its arguments: what it keeps is its own from here on.
	 */
	void handOver() {
		this.kept.clear();
	}

	@Override
	public void close() {
		this.kept.forEach(FdSources::close);
		this.converted.forEach(FdSources::close);
		this.message.close();
	}

}
