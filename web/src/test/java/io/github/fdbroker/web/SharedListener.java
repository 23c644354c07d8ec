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

package io.github.fdbroker.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.Descriptors;

/**
 * A listening socket of which several may have a channel.
 */
final class SharedListener implements AutoCloseable {

	private final ServerSocketChannel bound;

	SharedListener() throws IOException {
		this.bound = ServerSocketChannel.open();
		this.bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
	}

	InetSocketAddress address() {
		return (InetSocketAddress) this.bound.socket().getLocalSocketAddress();
	}

	/**
	 * A channel with a descriptor of its own.
	 */
	ServerSocketChannel duplicate() {
		try (BorrowedFd descriptor = new FdSources(List.of()).borrow(this.bound)) {
			return new FdConverters(List.of()).adopt(Descriptors.duplicate(descriptor.descriptor()))
				.into(ServerSocketChannel.class);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.bound.close();
	}

}
