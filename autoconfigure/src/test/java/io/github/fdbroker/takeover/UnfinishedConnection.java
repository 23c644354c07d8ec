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

package io.github.fdbroker.takeover;

import java.util.List;

/**
 * A participant with a connection that is never finished.
 */
final class UnfinishedConnection implements TakeoverParticipant {

	/** How often it still fails to accept connections again. */
	private int failures;

	UnfinishedConnection(int failures) {
		this.failures = failures;
	}

	@Override
	public List<PassedSocket> sockets() {
		return List.of();
	}

	@Override
	public void prepare(PassedSockets passed) {
		System.out.println("prepared");
	}

	@Override
	public void serve() {
		System.out.println("serving");
	}

	@Override
	public void own() {
		// There is no path.
	}

	@Override
	public void release() {
		System.out.println("released");
	}

	@Override
	public void takeBack() {
		if (this.failures > 0) {
			this.failures--;
			throw new IllegalStateException("as wanted");
		}
		System.out.println("taken back");
	}

	@Override
	public int connections() {
		return 1;
	}

	@Override
	public List<PassedSocket> takeIdle(int max) {
		return List.of();
	}

	@Override
	public void keepIdle() {
		System.out.println("kept");
	}

	@Override
	public boolean adoptIdle(PassedSocket connection) {
		return false;
	}

}
