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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * What a peer sends over a stream, mostly mutated, and the reads that the kernel may make
 * of it: a read gets the descriptors of the first send with descriptors that it reaches,
 * and ends with that send at the latest (unix(7)).
 *
 * @param sends what each sendmsg(2) sends
 * @param isMutated whether it may be malformed
 */
record FuzzInput(List<Send> sends, boolean isMutated) {

	private static final int[] EDGES = { 0, 1, 2, 0x7f, 0x80, 0xff };

	private static final Send NOTHING = new Send(new byte[0], 0);

	private static final int MAX_DESCRIPTORS = 8;

	/**
	 * Create an input.
	 * @param corpus valid sends
	 * @param maxSends how many may follow one another
	 */
	static FuzzInput random(Random random, List<Send> corpus, int maxSends) {
		List<Send> sends = new ArrayList<>();
		int count = 1 + random.nextInt(maxSends);
		for (int i = 0; i < count; i++) {
			sends.add(corpus.get(random.nextInt(corpus.size())));
		}
		int mutations = random.nextInt(4);
		for (int i = 0; i < mutations; i++) {
			mutate(random, sends);
		}
		return new FuzzInput(sends, mutations > 0);
	}

	private static void mutate(Random random, List<Send> sends) {
		int index = random.nextInt(sends.size());
		Send send = sends.get(index);
		int descriptors = (random.nextInt(8) == 0) ? random.nextInt(MAX_DESCRIPTORS) : send.descriptors();
		sends.set(index, new Send(mutate(random, send.bytes().clone()), descriptors));
		if (sends.size() > 1 && random.nextInt(16) == 0) {
			sends.set(0, joined(sends.get(0), sends.remove(sends.size() - 1)));
		}
	}

	private static byte[] mutate(Random random, byte[] bytes) {
		int at = random.nextInt(bytes.length);
		switch (random.nextInt(6)) {
			case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
			case 1 -> bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
			case 2 -> bytes[at] += (byte) (random.nextInt(5) - 2);
			case 3 -> {
				return Arrays.copyOf(bytes, at + 1);
			}
			case 4 -> {
				return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
			}
			default -> {
				return joined(new Send(bytes, 0), new Send(Arrays.copyOf(bytes, at + 1), 0)).bytes();
			}
		}
		return bytes;
	}

	private static Send joined(Send first, Send second) {
		byte[] bytes = Arrays.copyOf(first.bytes(), first.bytes().length + second.bytes().length);
		System.arraycopy(second.bytes(), 0, bytes, first.bytes().length, second.bytes().length);
		return new Send(bytes, first.descriptors() + second.descriptors());
	}

	/**
	 * Return the reads of a receiver that is always late and has room for everything.
	 */
	List<Send> whole() {
		return reads(() -> Integer.MAX_VALUE);
	}

	/**
	 * Return one of the many other ways to read it.
	 */
	List<Send> split(Random random) {
		int most = (random.nextInt(4) == 0) ? 1 : 1 + random.nextInt(length());
		return reads(() -> 1 + random.nextInt(most));
	}

	private List<Send> reads(IntSupplier sizes) {
		List<Send> reads = new ArrayList<>();
		Send read = NOTHING;
		int size = sizes.getAsInt();
		for (Send send : this.sends) {
			for (Send rest = send; rest.bytes().length > 0;) {
				Send part = rest.first(size - read.bytes().length);
				rest = rest.after(part);
				read = joined(read, part);
				if (read.descriptors() > 0 || read.bytes().length == size) {
					reads.add(read);
					read = NOTHING;
					size = sizes.getAsInt();
				}
			}
		}
		reads.add(read);
		return reads.stream().filter((one) -> one.bytes().length > 0).toList();
	}

	private int length() {
		return this.sends.stream().mapToInt((send) -> send.bytes().length).sum();
	}

	/**
	 * Bytes, and how many descriptors go with them.
	 */
	record Send(byte[] bytes, int descriptors) {

		private Send first(int length) {
			return new Send(Arrays.copyOf(this.bytes, Math.min(length, this.bytes.length)), this.descriptors);
		}

		private Send after(Send first) {
			return new Send(Arrays.copyOfRange(this.bytes, first.bytes.length, this.bytes.length), 0);
		}

	}

}
