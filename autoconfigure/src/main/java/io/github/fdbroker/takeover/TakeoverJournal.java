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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs and publishes the steps of take-overs, and remembers how they ended. Safe for use
 * by several threads.
 */
public final class TakeoverJournal {

	private static final Log logger = LogFactory.getLog(TakeoverJournal.class);

	private static final int LENGTH = 100;

	private final Consumer<TakeoverEvent> events;

	/** Guarded by this object. */
	private final List<TakeoverRecord> history = new ArrayList<>();

	private volatile long generation;

	private volatile @Nullable Instant since;

	private volatile @Nullable TakeoverStep step;

	private volatile Instant begun = Instant.now();

	/**
	 * Create a journal.
	 * @param events receives the steps
	 */
	public TakeoverJournal(Consumer<TakeoverEvent> events) {
		this.events = events;
	}

	/**
	 * Record a step.
	 */
	void step(TakeoverStep step, OtherProcess old, OtherProcess successor, String detail) {
		if (step == TakeoverStep.BEGUN) {
			this.begun = Instant.now();
		}
		boolean ended = step.compareTo(TakeoverStep.COMPLETED) >= 0;
		if (ended) {
			add(new TakeoverRecord(Instant.now(), old.pid(), successor.pid(), step,
					Duration.between(this.begun, Instant.now())));
		}
		this.step = ended ? null : step;
		String text = "Take-over of process %d by process %d, %s: %s".formatted(old.pid(), successor.pid(), step,
				detail);
		if (step.compareTo(TakeoverStep.COMPLETED) > 0) {
			logger.warn(text);
		}
		else {
			logger.info(text);
		}
		publish(new TakeoverEvent(step, old.pid(), successor.pid(), detail));
	}

	/**
	 * A method that receives events does not end a take-over.
	 */
	private void publish(TakeoverEvent event) {
		try {
			this.events.accept(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A method that receives events failed on " + event, ex);
		}
	}

	private synchronized void add(TakeoverRecord ended) {
		this.history.add(ended);
		if (this.history.size() > LENGTH) {
			this.history.remove(0);
		}
	}

	/**
	 * Remember that this process serves.
	 */
	void serving() {
		this.since = Instant.now();
	}

	/**
	 * Return what the next process has to know: the id of this process, which the kernel
	 * does not tell those who connect to a socket that another process has opened, and
	 * the history.
	 */
	synchronized String export() {
		List<String> lines = new ArrayList<>(List.of(OtherProcess.namespace(),
				String.valueOf(OtherProcess.self().pid()), String.valueOf(this.generation)));
		this.history.forEach((ended) -> lines.add(ended.line()));
		return String.join("\n", lines);
	}

	/**
	 * Go on with the journal of the old process.
	 * @return the old process, unknown if it has another process namespace
	 */
	synchronized OtherProcess restore(String exported) {
		List<String> lines = exported.lines().toList();
		this.generation = Long.parseLong(lines.get(2)) + 1;
		lines.stream().skip(3).map(TakeoverRecord::parse).forEach(this.history::add);
		return new OtherProcess(lines.get(0).equals(OtherProcess.namespace()) ? Long.parseLong(lines.get(1)) : 0);
	}

	/**
	 * Return the state of this process.
	 * @return the state at this moment
	 */
	public synchronized TakeoverStatus status() {
		return new TakeoverStatus(OtherProcess.self().pid(), this.generation, this.since, this.step,
				List.copyOf(this.history));
	}

}
