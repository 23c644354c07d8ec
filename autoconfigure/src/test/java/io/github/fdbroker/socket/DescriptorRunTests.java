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
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.DescriptorCharge;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;
import io.github.fdbroker.system.SystemCalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for descriptors that are closed together, by {@link DescriptorHandle#closeEach}.
 */
class DescriptorRunTests {

	private static final int ROUNDS = 200;

	private static final int DESCRIPTORS = 24;

	private static final int FOREIGN = 8;

	private final long seed = Long.getLong("seed", System.nanoTime());

	private final SystemCalls before = Kernel.calls();

	private final List<FileDescriptor> files = new ArrayList<>();

	private final List<FileIdentity> identities = new ArrayList<>();

	private NativeTransport transport;

	private MessageSocketPair pair;

	private MessageSocketPair others;

	@BeforeEach
	void open() throws IOException {
		NativeCalls calls = new NativeCalls(LibcBinding.preferred().bind());
		Kernel.use(calls);
		this.transport = new NativeTransport(calls);
		this.pair = MessageSocketPair.open(this.transport);
		this.others = MessageSocketPair.open(this.transport);
		for (int i = 0; i < DESCRIPTORS; i++) {
			this.files.add(OpenFiles.create("file " + i));
			this.identities.add(OpenFiles.identity(this.files.get(i)));
		}
	}

	@AfterEach
	void close() {
		this.pair.close();
		this.others.close();
		Descriptors.close(this.files);
		Kernel.use(this.before);
	}

	@Test
	void closeAllWhenSomeAreTakenLeavesThoseAndWhatLiesBetween() throws IOException {
		List<DescriptorHandle> received = receive();
		FileDescriptor taken = received.get(3).detach();
		received.get(7).close();
		FileDescriptor between = Descriptors.duplicate(this.files.get(0));
		DescriptorHandle.closeEach(received);
		assertThat(OpenFiles.identity(taken)).isEqualTo(this.identities.get(3));
		assertThat(OpenFiles.identity(between)).isEqualTo(this.identities.get(0));
		assertThat(received).noneMatch(DescriptorHandle::isOpen);
		Descriptors.close(List.of(taken, between));
	}

	@Test
	void closeAllWhenInUseClosesAfterTheLastUser() throws IOException {
		List<DescriptorHandle> received = receive();
		FileDescriptor used = received.get(5).acquire();
		DescriptorHandle.closeEach(received);
		assertThat(OpenFiles.identity(used)).isEqualTo(this.identities.get(5));
		received.get(5).release();
		assertThat(used.valid()).isFalse();
	}

	@Test
	void closeAllWhenChargedEndsEachChargeOnce() throws IOException {
		List<DescriptorHandle> received = receive();
		Charge first = new Charge();
		Charge second = new Charge();
		for (int i = 0; i < DESCRIPTORS; i++) {
			received.get(i).chargedTo((i < 10) ? first : second);
		}
		Descriptors.close(received.get(2).detach());
		DescriptorHandle.closeEach(received);
		DescriptorHandle.closeEach(received);
		assertThat(first.ended.get()).isEqualTo(10);
		assertThat(second.ended.get()).isEqualTo(DESCRIPTORS - 10);
	}

	/**
	 * Four threads close, take and send the descriptors of one message, while a fifth
	 * opens files that get the numbers as soon as they are free.
	 */
	@Test
	void closeEachWhenOneOfAnotherKindThrowsClosesThoseBeforeIt() throws IOException {
		List<OwnedFd> descriptors = new ArrayList<>();
		for (FileDescriptor file : this.files) {
			descriptors.add(new DescriptorHandle(Descriptors.number(Descriptors.duplicate(file))));
		}
		descriptors.add((OwnedFd) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { OwnedFd.class },
				(proxy, method, arguments) -> {
					throw new IllegalStateException("not closed");
				}));
		assertThatIllegalStateException().isThrownBy(() -> DescriptorHandle.closeEach(descriptors));
		assertThat(descriptors.subList(0, DESCRIPTORS)).noneMatch(OwnedFd::isOpen);
	}

	@Test
	void closeAllWhenOthersCloseTakeAndSendNeverClosesAnotherFile() throws Exception {
		System.out.println("seed " + this.seed);
		ExecutorService threads = Executors.newFixedThreadPool(5);
		CyclicBarrier barrier = new CyclicBarrier(5);
		try {
			for (int round = 0; round < ROUNDS; round++) {
				List<DescriptorHandle> received = receive();
				Random random = new Random(this.seed + round);
				List<Callable<Void>> tasks = new ArrayList<>();
				for (Task task : List.<Task>of(this::closeAll, this::closeSome, this::takeSome, this::sendSome,
						this::openOthers)) {
					long taskSeed = random.nextLong();
					tasks.add(() -> {
						barrier.await();
						task.run(new ArrayList<>(received), new Random(taskSeed));
						return null;
					});
				}
				for (Future<Void> done : threads.invokeAll(tasks)) {
					done.get();
				}
				assertThat(received).as("seed %d, round %d", this.seed, round).noneMatch(DescriptorHandle::isOpen);
			}
		}
		catch (Exception | AssertionError ex) {
			throw new AssertionError("seed " + this.seed, ex);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private List<DescriptorHandle> receive() throws IOException {
		this.pair.send("x", this.files.toArray(new FileDescriptor[0]));
		return this.pair.receiver().receive(MessageSocketPair.bytes("x")).descriptors();
	}

	private void closeAll(List<DescriptorHandle> received, Random random) {
		spin(random);
		DescriptorHandle.closeEach(received);
	}

	private void closeSome(List<DescriptorHandle> received, Random random) {
		Collections.shuffle(received, random);
		received.subList(0, random.nextInt(DESCRIPTORS)).forEach(DescriptorHandle::close);
	}

	private void takeSome(List<DescriptorHandle> received, Random random) throws IOException {
		for (int i = random.nextInt(DESCRIPTORS); i < DESCRIPTORS; i += 1 + random.nextInt(DESCRIPTORS)) {
			try {
				FileDescriptor taken = received.get(i).detach();
				assertThat(OpenFiles.identity(taken)).isEqualTo(this.identities.get(i));
				Descriptors.close(taken);
			}
			catch (IllegalStateException ex) {
				// Another thread has it.
			}
		}
	}

	private void sendSome(List<DescriptorHandle> received, Random random) throws IOException {
		for (int i = random.nextInt(DESCRIPTORS); i < DESCRIPTORS; i += 1 + random.nextInt(DESCRIPTORS)) {
			try {
				FileDescriptor used = received.get(i).acquire();
				try {
					this.others.send("x", used);
				}
				finally {
					received.get(i).release();
				}
				try (MessageSocketPair.Arrival arrival = this.others.receive(1)) {
					assertThat(OpenFiles.identity(arrival.descriptors().get(0))).isEqualTo(this.identities.get(i));
				}
			}
			catch (IllegalStateException ex) {
				// Another thread has it.
			}
		}
	}

	private void openOthers(List<DescriptorHandle> received, Random random) throws IOException {
		List<FileDescriptor> opened = new ArrayList<>();
		for (int i = 0; i < 4 * FOREIGN; i++) {
			opened.add(Descriptors.duplicate(this.files.get(0)));
			if (opened.size() == FOREIGN) {
				FileDescriptor oldest = opened.remove(random.nextInt(FOREIGN));
				assertThat(OpenFiles.identity(oldest)).isEqualTo(this.identities.get(0));
				Descriptors.close(oldest);
			}
		}
		for (FileDescriptor descriptor : opened) {
			assertThat(OpenFiles.identity(descriptor)).isEqualTo(this.identities.get(0));
			Descriptors.close(descriptor);
		}
	}

	private static void spin(Random random) {
		for (int i = random.nextInt(20_000); i > 0; i--) {
			Thread.onSpinWait();
		}
	}

	/**
	 * What one of the threads does.
	 */
	private interface Task {

		void run(List<DescriptorHandle> received, Random random) throws Exception;

	}

	/**
	 * Counts what is closed or detached.
	 */
	private static final class Charge implements DescriptorCharge {

		private final AtomicInteger ended = new AtomicInteger();

		@Override
		public void close(int count, Runnable close) {
			close.run();
			this.ended.addAndGet(count);
		}

		@Override
		public void end() {
			this.ended.incrementAndGet();
		}

	}

}
