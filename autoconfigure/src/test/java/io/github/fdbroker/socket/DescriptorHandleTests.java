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
import java.util.List;
import java.util.concurrent.Exchanger;
import java.util.concurrent.FutureTask;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.converter.ByteArrayMessageConverter;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.socket.MessageSocketPair.Arrival;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DescriptorHandle}.
 */
class DescriptorHandleTests {

	private static final int ROUNDS = 2000;

	private FileDescriptor descriptor;

	private int number;

	private DescriptorHandle handle;

	@BeforeEach
	void openFile() {
		this.descriptor = OpenFiles.create("content");
		this.number = Descriptors.number(this.descriptor);
		this.handle = new DescriptorHandle(this.descriptor);
	}

	@Test
	void closeWhenNotInUseClosesOnce() {
		assertThat(this.handle.isOpen()).isTrue();
		assertThat(this.handle.closeOnce()).isTrue();
		assertThat(this.handle.isOpen()).isFalse();
		FileDescriptor next = OpenFiles.create("next");
		assertThat(this.handle.closeOnce()).isFalse();
		assertThat(OpenFiles.content(next)).isEqualTo("next");
		Descriptors.close(next);
	}

	@Test
	void closeWhenInUseWaitsForTheLastUser() {
		this.handle.acquire();
		this.handle.acquire();
		assertThat(this.handle.closeOnce()).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> this.handle.acquire());
		this.handle.release();
		assertThat(OpenFiles.content(this.descriptor)).isEqualTo("content");
		this.handle.release();
		assertThat(OpenFiles.isOpen(this.number)).isFalse();
	}

	@Test
	void detachGivesUpDescriptor() {
		FileDescriptor detached = this.handle.detach();
		assertThat(this.handle.isOpen()).isFalse();
		assertThat(this.handle.closeOnce()).isFalse();
		assertThat(OpenFiles.content(detached)).isEqualTo("content");
		assertThatIllegalStateException().isThrownBy(this.handle::detach).withMessageContaining("was taken");
		Descriptors.close(detached);
	}

	@Test
	void detachWhenInUseThrows() {
		this.handle.acquire();
		assertThatIllegalStateException().isThrownBy(this.handle::detach).withMessageContaining("in use");
		this.handle.release();
		this.handle.close();
	}

	@Test
	void intoWhenLeakWatchFailsKeepsDescriptor() {
		this.handle.convertibleBy(new Unwatchable());
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.handle.into(OwnedFd.class));
		assertThat(this.handle.isOpen()).isTrue();
		this.handle.close();
		assertThat(OpenFiles.isOpen(this.number)).isFalse();
	}

	@Test
	void dupWhenLeakWatchFailsClosesCopy() {
		this.handle.convertibleBy(new Unwatchable());
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this.handle::dup);
		this.handle.close();
	}

	@Test
	void messageWhenLeakWatchFailsIsClosed() {
		this.handle.convertibleBy(new Unwatchable());
		MessageComposer composer = new MessageComposer(new ByteArrayMessageConverter(), new FdSources(List.of()));
		FdMessage message = FdMessage.of(new byte[0], List.of(this.handle, new DescriptorHandle(OpenFiles.create(""))));
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> composer.handedOut(message));
		assertThat(message.descriptors()).noneMatch(OwnedFd::isOpen);
	}

	@Test
	void acquireAloneKeepsOthersOutUntilReleased() {
		this.handle.acquireAlone();
		assertThatIllegalStateException().isThrownBy(() -> this.handle.acquire()).withMessageContaining("in use");
		assertThatIllegalStateException().isThrownBy(() -> this.handle.acquireAlone());
		assertThatIllegalStateException().isThrownBy(this.handle::detach);
		this.handle.release();
		this.handle.acquire();
		assertThatIllegalStateException().isThrownBy(() -> this.handle.acquireAlone()).withMessageContaining("in use");
		this.handle.release();
		this.handle.close();
	}

	@Test
	void closeWhenAcquiredAloneWaitsForRelease() {
		this.handle.acquireAlone();
		this.handle.close();
		assertThat(OpenFiles.content(this.descriptor)).isEqualTo("content");
		this.handle.release();
		assertThat(OpenFiles.isOpen(this.number)).isFalse();
	}

	@Test
	void detachAcquiredTakesPlaceOfRelease() {
		FileDescriptor acquired = this.handle.acquireAlone();
		this.handle.detachAcquired();
		assertThat(this.handle.closeOnce()).isFalse();
		assertThat(OpenFiles.content(acquired)).isEqualTo("content");
		Descriptors.close(acquired);
	}

	@Test
	void closeWhenNobodyAskedForTheDescriptorClosesTheNumber() throws IOException {
		int copy = Descriptors.number(Descriptors.duplicate(this.descriptor));
		DescriptorHandle received = new DescriptorHandle(copy);
		assertThat(received.closeOnce()).isTrue();
		assertThat(OpenFiles.isOpen(copy)).isFalse();
		this.handle.close();
	}

	@Test
	void closeWhenSomebodyAskedForTheDescriptorTellsItsObject() throws IOException {
		int copy = Descriptors.number(Descriptors.duplicate(this.descriptor));
		DescriptorHandle received = new DescriptorHandle(copy);
		FileDescriptor known = received.acquire();
		assertThat(OpenFiles.content(known)).isEqualTo("content");
		assertThat(received.acquire()).isSameAs(known);
		received.release();
		received.release();
		received.close();
		assertThat(known.valid()).isFalse();
		assertThat(OpenFiles.isOpen(copy)).isFalse();
		this.handle.close();
	}

	/**
	 * The first send of a round is before the close for sure, the others are not.
	 */
	@Test
	void acquireWhenOwnerClosesMeanwhileNeverSendsAnotherFile() throws Exception {
		this.handle.close();
		Exchanger<DescriptorHandle> next = new Exchanger<>();
		FutureTask<Void> closing = new FutureTask<>(() -> {
			for (int i = 0; i < ROUNDS; i++) {
				DescriptorHandle owned = new DescriptorHandle(OpenFiles.create("right"));
				next.exchange(owned);
				next.exchange(owned);
				owned.close();
				// It gets the number as soon as that is free.
				Descriptors.close(OpenFiles.create("wrong"));
			}
			return null;
		});
		new Thread(closing, "closer").start();
		try (MessageSocketPair pair = MessageSocketPair.open(new JunixsocketTransport())) {
			for (int i = 0; i < ROUNDS; i++) {
				DescriptorHandle owned = next.exchange(null);
				assertThat(isSentRight(pair, owned)).isTrue();
				next.exchange(null);
				while (isSentRight(pair, owned)) {
					// Not closed yet.
				}
			}
		}
		closing.get();
	}

	private static boolean isSentRight(MessageSocketPair pair, DescriptorHandle handle) throws IOException {
		if (!trySend(pair, handle)) {
			return false;
		}
		try (Arrival received = pair.receive(1)) {
			assertThat(received.contents()).containsExactly("right");
			return true;
		}
	}

	private static boolean trySend(MessageSocketPair pair, DescriptorHandle handle) throws IOException {
		try {
			pair.send("x", handle.acquire());
			handle.release();
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	/**
	 * What the thread that watches for leaks cannot be started for.
	 */
	private static final class Unwatchable implements DescriptorConversion {

		@Override
		public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
			throw new IllegalStateException();
		}

		@Override
		public void escaped(DescriptorHandle descriptor) {
			throw new OutOfMemoryError("unable to create native thread");
		}

	}

}
