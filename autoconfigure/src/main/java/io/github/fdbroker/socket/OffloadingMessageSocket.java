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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.system.PlatformThreads;
import io.github.fdbroker.system.SendBuffer;

/**
 * Keeps virtual threads out of a message socket that blocks in the kernel.
 */
final class OffloadingMessageSocket implements MessageSocket {

	private final MessageSocket delegate;

	OffloadingMessageSocket(MessageSocket delegate) {
		this.delegate = delegate;
	}

	@Override
	public void send(ByteBuffer data, List<FileDescriptor> descriptors, @Nullable UnixAddress to) throws IOException {
		PlatformThreads.<Void>call(() -> {
			this.delegate.send(data, descriptors, to);
			return null;
		});
	}

	@Override
	public Received receive(ByteBuffer into) throws IOException {
		return Objects.requireNonNull(PlatformThreads.call(() -> this.delegate.receive(into)));
	}

	@Override
	public @Nullable Received receive(ByteBuffer into, long timeoutMillis) throws IOException {
		return PlatformThreads.call(() -> this.delegate.receive(into, timeoutMillis));
	}

	@Override
	public boolean awaitReadable(long timeoutMillis) throws IOException {
		return Boolean.TRUE.equals(PlatformThreads.call(() -> this.delegate.awaitReadable(timeoutMillis)));
	}

	@Override
	public int available() throws IOException {
		return this.delegate.available();
	}

	@Override
	public boolean takesDescriptors() throws IOException {
		return this.delegate.takesDescriptors();
	}

	@Override
	public boolean isHungUp() throws IOException {
		return this.delegate.isHungUp();
	}

	@Override
	public void passDescriptors(boolean pass) throws IOException {
		this.delegate.passDescriptors(pass);
	}

	@Override
	public boolean isWritable() throws IOException {
		return this.delegate.isWritable();
	}

	@Override
	public SendBuffer sendBuffer() throws IOException {
		return this.delegate.sendBuffer();
	}

	@Override
	public void shutdownInput() {
		this.delegate.shutdownInput();
	}

	@Override
	public void shutdownOutput() {
		this.delegate.shutdownOutput();
	}

	@Override
	public void shutdown() {
		this.delegate.shutdown();
	}

	@Override
	public FileDescriptor duplicate() throws IOException {
		return this.delegate.duplicate();
	}

	@Override
	public void leave() {
		this.delegate.leave();
	}

	@Override
	public void close() {
		this.delegate.close();
	}

}
