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

package io.github.fdbroker.benchmark;

import java.nio.file.Path;
import java.util.List;

/**
 * The receivers of others, beside ours and the one in C in the same rounds.
 *
 * @param all the receivers
 */
record OtherReceivers(List<Other> all) implements AutoCloseable {

	static OtherReceivers start(Path directory, String name, int descriptors) throws Exception {
		return new OtherReceivers(OtherReceiver.all(directory, descriptors)
			.entrySet()
			.stream()
			.map((entry) -> new Other(entry.getValue(), new Rounds(name + "." + entry.getKey(), "messages/s"),
					new Rounds(name + "/" + entry.getKey(), "messages/s")))
			.toList());
	}

	@Override
	public void close() throws Exception {
		for (Other other : this.all) {
			other.receiver().close();
		}
	}

	/**
	 * One of them.
	 *
	 * @param receiver the receiver
	 * @param toC its figures, with their ratio to the peer in C
	 * @param toUs our figures, with their ratio to its
	 */
	record Other(OtherReceiver receiver, Rounds toC, Rounds toUs) {

		void add(int round, double rate, double our, double c) {
			this.toC.add(round, rate, c);
			this.toUs.add(round, our, rate);
		}

	}

}
