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

package io.github.fdbroker.wire;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.fdbroker.testsupport.Proof;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes, in whatever reads, a decoder yields the same messages or one of two
 * exceptions, and loses no descriptor. Every run has another seed;
 * {@code -Dfdbroker.fuzz.seed} repeats one.
 */
class DecoderFuzzTests {

	private static final long NANOS = TimeUnit.SECONDS.toNanos(5);

	/** As many as show that the mutations are neither harmless nor hopeless. */
	private static final int MIN_INPUTS = 2000;

	private static final int PROOF_INPUTS = 10_000_000;

	private final long seed = Long.getLong("fdbroker.fuzz.seed", new SplittableRandom().nextLong());

	private int inputs;

	private int delivered;

	private int refused;

	@ParameterizedTest
	@EnumSource
	void decodeWhenInputIsMutatedYieldsSameMessagesOrRefuses(FuzzSubject subject) {
		long end = System.nanoTime() + NANOS;
		fuzz(subject, () -> this.inputs < MIN_INPUTS || System.nanoTime() - end < 0);
	}

	@Proof
	void decodeWhenTenMillionInputsAreMutatedYieldsSameMessagesOrRefuses() {
		int count = FuzzSubject.values().length;
		for (FuzzSubject subject : FuzzSubject.values()) {
			this.inputs = 0;
			fuzz(subject, () -> this.inputs <= PROOF_INPUTS / count);
		}
	}

	private void fuzz(FuzzSubject subject, BooleanSupplier more) {
		this.delivered = 0;
		this.refused = 0;
		while (more.getAsBoolean()) {
			long current = this.seed + this.inputs;
			try {
				decode(subject, new Random(current));
			}
			catch (Throwable ex) {
				throw new AssertionError("%s: -Dfdbroker.fuzz.seed=%d repeats it".formatted(subject, current), ex);
			}
			this.inputs++;
		}
		System.out.printf("%s: %,d inputs from -Dfdbroker.fuzz.seed=%d, %,d with messages, %,d refused%n", subject,
				this.inputs, this.seed, this.delivered, this.refused);
		assertThat(List.of(this.delivered, this.refused)).allMatch((count) -> count > this.inputs / 100);
	}

	private void decode(FuzzSubject subject, Random random) {
		FuzzInput input = FuzzInput.random(random, subject.corpus(), subject.maxSends());
		FuzzOutcome whole = FuzzOutcome.of(subject, input.whole());
		List<FuzzInput.Send> reads = input.split(random);
		FuzzOutcome split = FuzzOutcome.of(subject, reads);
		FuzzOutcome.verify(split.agreesWith(whole), List.of(split, whole));
		if (subject != FuzzSubject.APUE_REPLY && input.sends().stream().noneMatch((send) -> send.descriptors() > 0)) {
			// What follows a reply is refused where one read brings both.
			FuzzOutcome.verify(split.isRefused() == whole.isRefused(), List.of(split, whole));
		}
		if (!input.isMutated() && !subject.isRaw()) {
			FuzzOutcome.verify(whole.isWhole() && split.isWhole(), List.of(split, whole));
		}
		input.sends().forEach((packet) -> decodePacket(subject, packet));
		this.delivered += whole.messages().isEmpty() ? 0 : 1;
		this.refused += whole.isRefused() ? 1 : 0;
	}

	/**
	 * A packet is what a stream would make of it, or refused as a whole.
	 */
	private void decodePacket(FuzzSubject subject, FuzzInput.Send packet) {
		FuzzOutcome stream = FuzzOutcome.of(subject, List.of(packet));
		FuzzOutcome alone = FuzzOutcome.of(subject, packet);
		FuzzOutcome.verify(alone.agreesWith(stream), List.of(alone, stream));
		FuzzOutcome.verify(!alone.isRefused() || alone.messages().isEmpty(), alone);
	}

}
