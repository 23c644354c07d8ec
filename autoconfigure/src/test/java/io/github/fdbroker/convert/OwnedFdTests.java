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
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.BorrowedFd;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.test.FdLedger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OwnedFd}.
 */
class OwnedFdTests {

	private DescriptorHandle owned;

	@BeforeEach
	void open() throws IOException {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			this.owned = adopt(OddDescriptors.SOURCES.borrow(file).descriptor());
		}
	}

	@AfterEach
	void close() {
		this.owned.close();
	}

	@ParameterizedTest
	@MethodSource("takesAndUses")
	void useWhenTakenThrows(Consumer<OwnedFd> take, Consumer<OwnedFd> use) {
		assertThat(this.owned.isOpen()).isTrue();
		take.accept(this.owned);
		assertThat(this.owned.isOpen()).isFalse();
		assertThat(this.owned).hasToString("OwnedFd[closed or taken]");
		assertThatIllegalStateException().isThrownBy(() -> use.accept(this.owned)).withMessageContaining("closed");
	}

	static Stream<Arguments> takesAndUses() {
		List<Consumer<OwnedFd>> takes = List.of(OwnedFd::close, (owned) -> Descriptors.close(owned.detach()),
				(owned) -> FdSources.close(owned.into(FileInputStream.class)),
				(owned) -> FdSources.close(owned.into(FileDescriptor.class)),
				(owned) -> owned.into(OwnedFd.class).close());
		List<Consumer<OwnedFd>> uses = List.of(OwnedFd::detach, OwnedFd::dup, OwnedFd::kind, OwnedFd::fileDescriptor,
				(owned) -> owned.into(FileInputStream.class), (owned) -> owned.into(OwnedFd.class),
				(owned) -> ((DescriptorHandle) owned).lend());
		return takes.stream().flatMap((take) -> uses.stream().map((use) -> Arguments.of(take, use)));
	}

	@Test
	void closeWhenClosedDoesNothing() {
		int number = this.owned.number();
		this.owned.close();
		try (OwnedFd reused = adoptZero()) {
			assertThat(reused.number()).isEqualTo(number);
			this.owned.close();
			assertThat(reused.kind()).hasToString("a character device, open for reading");
		}
	}

	@Test
	void closeWhenDetachedLeavesDescriptorOpen() throws IOException {
		FileDescriptor detached = this.owned.detach();
		this.owned.close();
		try (FileInputStream stream = new FileInputStream(detached)) {
			assertThat(stream.read()).isZero();
		}
	}

	@Test
	void closeWhenConvertedLeavesResultOpen() throws IOException {
		try (FileInputStream stream = this.owned.into(FileInputStream.class)) {
			this.owned.close();
			assertThat(stream.read()).isZero();
		}
	}

	@Test
	void dupWhenOriginalIsClosedStaysOpen() {
		try (OwnedFd copy = this.owned.dup()) {
			this.owned.close();
			assertThat(copy.kind()).hasToString("a character device, open for reading");
			assertThat(copy).hasToString("OwnedFd[a character device, open for reading]");
		}
	}

	@Test
	void asWhenRefusedLeavesItOwned() throws IOException {
		assertThatExceptionOfType(FdConversionException.class).isThrownBy(() -> this.owned.into(SocketChannel.class));
		assertThatExceptionOfType(FdConversionException.class)
			.isThrownBy(() -> this.owned.into(FileOutputStream.class));
		try (FileInputStream stream = this.owned.into(FileInputStream.class)) {
			assertThat(stream.read()).isZero();
		}
	}

	@Test
	void closeWhenLentClosesAfterLastLoan() {
		BorrowedFd first = this.owned.lend();
		BorrowedFd second = this.owned.lend();
		int number = Descriptors.number(first.descriptor());
		this.owned.close();
		assertThat(this.owned.isOpen()).isFalse();
		first.close();
		assertThat(FdLedger.open()).containsEntry(number, "/dev/zero");
		second.close();
		assertThat(FdLedger.open()).doesNotContainKey(number);
	}

	@Test
	void takeWhenLentThrowsAndLeavesItOwned() {
		try (BorrowedFd loan = this.owned.lend()) {
			assertThatIllegalStateException().isThrownBy(this.owned::detach).withMessageContaining("in use");
			assertThatIllegalStateException().isThrownBy(() -> this.owned.into(OwnedFd.class));
			assertThat(loan.descriptor().valid()).isTrue();
		}
		assertThat(this.owned.isOpen()).isTrue();
		assertThat(this.owned.kind()).hasToString("a character device, open for reading");
	}

	@Test
	void asWhenLentThrowsAndLeavesDescriptorOpen() {
		try (BorrowedFd loan = this.owned.lend()) {
			assertThatIllegalStateException().isThrownBy(() -> this.owned.into(FileInputStream.class))
				.withMessageContaining("in use");
		}
		assertThat(this.owned.isOpen()).isTrue();
	}

	@Test
	void asWhenFileChannelWhileLentLeavesDescriptorUsable() throws IOException {
		try (java.io.RandomAccessFile file = new java.io.RandomAccessFile("/dev/zero", "rw");
				DescriptorHandle readWrite = adopt(OddDescriptors.SOURCES.borrow(file).descriptor())) {
			try (BorrowedFd loan = readWrite.lend()) {
				assertThatIllegalStateException().isThrownBy(() -> readWrite.into(java.nio.channels.FileChannel.class));
				assertThat(loan.descriptor().valid()).isTrue();
			}
			assertThat(readWrite.kind()).hasToString("a character device, open for reading and writing");
		}
	}

	@Test
	void takeWhenConcurrentSucceedsOnce() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(4);
		try {
			for (int i = 0; i < 500; i++) {
				OwnedFd contested = adoptZero();
				AtomicInteger taken = new AtomicInteger();
				List<Future<Void>> takes = executor.invokeAll(java.util.Collections.nCopies(4, () -> {
					try {
						Descriptors.close(contested.detach());
						taken.incrementAndGet();
					}
					catch (IllegalStateException ex) {
						// Another thread was first.
					}
					return null;
				}));
				for (Future<Void> take : takes) {
					take.get();
				}
				assertThat(taken).hasValue(1);
			}
		}
		finally {
			executor.shutdown();
		}
	}

	private static OwnedFd adoptZero() {
		try (FileInputStream file = new FileInputStream("/dev/zero")) {
			return adopt(file.getChannel().isOpen() ? OddDescriptors.SOURCES.borrow(file).descriptor()
					: new FileDescriptor());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static DescriptorHandle adopt(FileDescriptor descriptor) {
		return (DescriptorHandle) OddDescriptors.CONVERTERS.adopt(descriptor);
	}

}
