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

import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * The provider of the portable channels, which no selector accepts. It does not open
 * channels.
 */
final class PortableProvider extends SelectorProvider {

	static final PortableProvider INSTANCE = new PortableProvider();

	private PortableProvider() {
	}

	static UnsupportedOperationException unsupported(String what) {
		return new UnsupportedOperationException("This channel does not support " + what + ": " + JdkChannels.ADVICE);
	}

	@Override
	public DatagramChannel openDatagramChannel() {
		throw unsupported("opening further channels");
	}

	@Override
	public DatagramChannel openDatagramChannel(ProtocolFamily family) {
		throw unsupported("opening further channels");
	}

	@Override
	public Pipe openPipe() {
		throw unsupported("opening further channels");
	}

	@Override
	public AbstractSelector openSelector() {
		throw unsupported("a selector");
	}

	@Override
	public ServerSocketChannel openServerSocketChannel() {
		throw unsupported("opening further channels");
	}

	@Override
	public SocketChannel openSocketChannel() {
		throw unsupported("opening further channels");
	}

}
