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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * All participants of a process that is taken over from. What fails in one of them does
 * not keep the others from what they have to do. For use by one thread at a time.
 */
final class Participants {

	private static final Log logger = LogFactory.getLog(Participants.class);

	private final Supplier<List<TakeoverParticipant>> all;

	/** Those that do not accept connections yet, although they should. */
	private final List<TakeoverParticipant> ended = new ArrayList<>();

	private boolean tookBack;

	Participants(Supplier<List<TakeoverParticipant>> all) {
		this.all = all;
	}

	/**
	 * Duplicate all listening sockets.
	 */
	List<PassedSocket> sockets() {
		return PassedSocket.collect(this.all.get(), TakeoverParticipant::sockets);
	}

	void release() {
		each("cannot release its sockets", TakeoverParticipant::release);
	}

	/**
	 * Give up connections that are idle.
	 */
	List<PassedSocket> takeIdle(int max) {
		List<PassedSocket> idle = new ArrayList<>();
		each("cannot give up connections", (participant) -> idle.addAll(participant.takeIdle(max - idle.size())));
		return idle;
	}

	/**
	 * Give up no more connections.
	 */
	void keepIdle() {
		each("cannot end its connections", TakeoverParticipant::keepIdle);
	}

	void adopt(List<PassedSocket> connections) {
		connections.forEach(this::adopt);
	}

	private void adopt(PassedSocket connection) {
		if (this.all.get().stream().noneMatch((participant) -> participant.adoptIdle(connection))) {
			connection.descriptor().close();
		}
	}

	int connections() {
		return this.all.get().stream().mapToInt(TakeoverParticipant::connections).sum();
	}

	/**
	 * Accept connections again.
	 */
	void takeBack() {
		this.ended.addAll(this.all.get());
		this.tookBack = true;
		retryTakeBack();
	}

	/**
	 * Try again what failed: there may be descriptors again, and the process that had the
	 * paths of the sockets may have given them up.
	 */
	void retryTakeBack() {
		if (this.tookBack) {
			each("cannot own its paths", TakeoverParticipant::own);
		}
		this.ended.removeIf((participant) -> succeeds("cannot accept connections again", participant,
				TakeoverParticipant::takeBack));
	}

	private void each(String failure, Consumer<TakeoverParticipant> action) {
		this.all.get().forEach((participant) -> succeeds(failure, participant, action));
	}

	private static boolean succeeds(String failure, TakeoverParticipant participant,
			Consumer<TakeoverParticipant> action) {
		try {
			action.accept(participant);
			return true;
		}
		catch (RuntimeException ex) {
			logger.error(participant.getClass().getSimpleName() + " " + failure, ex);
			return false;
		}
	}

}
