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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.IOException;

import io.github.fdbroker.system.JunixsocketCalls;
import io.github.fdbroker.system.SystemCalls;

/**
 * The transport for all systems and Java versions, which uses junixsocket's native
 * methods.
 */
final class JunixsocketTransport implements Transport {

	private static final SystemCalls SYSTEM = new JunixsocketCalls();

	@Override
	public String name() {
		return "junixsocket";
	}

	@Override
	public String binding() {
		return "org.newsclub.net.unix";
	}

	@Override
	public SystemCalls system() {
		return SYSTEM;
	}

	@Override
	public boolean passesCredentials() {
		return false;
	}

	@Override
	public void prepare(FileDescriptor descriptor, MessageSocketSettings settings) {
		// The one option that would matter cannot be set.
	}

	@Override
	public MessageSocket messageSocket(FileDescriptor descriptor, MessageSocketSettings settings) throws IOException {
		return new OffloadingMessageSocket(new JunixsocketMessageSocket(descriptor, settings));
	}

}
