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

import java.util.Locale;

/**
 * What happens to one of the two processes at a step of a take-over.
 *
 * @param action what happens
 * @param victim to which process
 * @param step when: as soon as one of the two processes logs this step
 */
record Fault(Action action, Victim victim, String step) {

	static Fault parse(String line) {
		String[] words = line.split(" ");
		return new Fault(Action.valueOf(words[0]), Victim.valueOf(words[1]), words[2]);
	}

	/**
	 * Whether a process is killed.
	 * @param victim which of the two
	 */
	boolean isKill(Victim victim) {
		return this.action == Action.KILL && this.victim == victim;
	}

	@Override
	public String toString() {
		return "%s of the %s process at %s".formatted(name(this.action), name(this.victim), this.step);
	}

	private static String name(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * What can happen to a process.
	 */
	enum Action {

		/** It ends at once. */
		KILL(0),

		/** It stands still, for less than a step may take. */
		SHORT_STOP(1000),

		/** It stands still, for longer than a step may take. */
		LONG_STOP(6000);

		private final long millis;

		Action(long millis) {
			this.millis = millis;
		}

		/**
		 * How long the process stands still.
		 */
		long millis() {
			return this.millis;
		}

	}

	/**
	 * The processes of a take-over.
	 */
	enum Victim {

		OLD, NEW

	}

}
