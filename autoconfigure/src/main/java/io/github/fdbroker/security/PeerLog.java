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

package io.github.fdbroker.security;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs events that peers cause, at most 10 lines per second for one socket and 20 for all
 * sockets, so that no peer can fill the log. The first line of a kind is logged at once.
 * A later line reports how many lines were suppressed since the previous one, and which
 * user caused most of them. The stack trace for a class of failure is logged once per
 * minute. Safe for use by several threads.
 */
public final class PeerLog {

	private static final LineRate ALL = new LineRate(20);

	private static final int PEERS = 100;

	private static final long TRACE_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final Log log;

	private final LongSupplier nanoTime;

	private final LineRate all;

	private final LineRate own = new LineRate(10);

	private final Map<Kind, Silence> silences = new EnumMap<>(Kind.class);

	private final Map<Class<?>, Long> traced = new HashMap<>();

	/**
	 * Create the log of one socket.
	 * @param log the log to write to, at level warn
	 */
	public PeerLog(Log log) {
		this(log, System::nanoTime, ALL);
	}

	PeerLog(Log log, LongSupplier nanoTime, LineRate all) {
		this.log = log;
		this.nanoTime = nanoTime;
		this.all = all;
		// A full descriptor table must not keep a class from being loaded later.
		for (Kind kind : Kind.values()) {
			this.silences.put(kind, new Silence());
		}
	}

	/**
	 * Log a line, or count it as suppressed.
	 * @param kind the kind of event
	 * @param peer the peer that caused it, described briefly but so that users can be
	 * distinguished, or {@code null} if it is unknown
	 * @param message the line, in which all text chosen by a peer is escaped
	 */
	public void add(Kind kind, @Nullable String peer, String message) {
		String line = line(kind, peer, message);
		if (line != null) {
			this.log.warn(line);
		}
	}

	/**
	 * Log a failure, or count it as suppressed.
	 * @param kind the kind of event
	 * @param peer the peer that caused it, or {@code null} if it is unknown
	 * @param message the line
	 * @param failure the failure, whose stack trace is logged if level debug is enabled
	 * or if none was logged for its class in the last minute
	 */
	public void add(Kind kind, @Nullable String peer, String message, Throwable failure) {
		String line = line(kind, peer, message);
		if (line != null && (this.log.isDebugEnabled() || isTraceDue(failure))) {
			this.log.warn(line, failure);
		}
		else if (line != null) {
			this.log.warn(line);
		}
	}

	private synchronized @Nullable String line(Kind kind, @Nullable String peer, String message) {
		Silence silence = this.silences.computeIfAbsent(kind, (key) -> new Silence());
		long now = this.nanoTime.getAsLong();
		boolean first = silence.isFirst(now);
		if (this.own.isFree(now, first) && this.all.tryAcquire(now, first)) {
			this.own.tryAcquire(now, first);
			return message + silence.end(now);
		}
		silence.add((peer != null) ? peer : "unknown peers");
		return null;
	}

	private synchronized boolean isTraceDue(Throwable failure) {
		long now = this.nanoTime.getAsLong();
		Long last = this.traced.get(failure.getClass());
		if (last != null && now - last < TRACE_NANOS) {
			return false;
		}
		if (this.traced.size() < PEERS || last != null) {
			this.traced.put(failure.getClass(), now);
			return true;
		}
		return false;
	}

	/**
	 * The kind of event that a line reports.
	 */
	public enum Kind {

		/** A peer is not allowed to connect or to send. */
		REFUSED,

		/** Input from a peer ended its connection, or was dropped. */
		BAD_INPUT,

		/** An authorizer failed. */
		AUTHORIZER,

		/** A listener failed on a message. */
		LISTENER,

		/** A reply could not be sent. */
		REPLY,

		/** The system lacked a resource that peers use, or the application lost one. */
		SYSTEM

	}

	/**
	 * The suppressed lines of one kind.
	 */
	private static final class Silence {

		private final Map<String, Integer> peers = new HashMap<>();

		private int lines;

		private @Nullable Long last;

		private boolean isFirst(long now) {
			return this.last == null || now - this.last >= LineRate.WINDOW_NANOS;
		}

		private void add(String peer) {
			this.lines++;
			if (this.peers.size() < PEERS || this.peers.containsKey(peer)) {
				this.peers.merge(peer, 1, Integer::sum);
			}
		}

		private String end(long now) {
			this.last = now;
			if (this.lines == 0) {
				return "";
			}
			Map.Entry<String, Integer> most = this.peers.entrySet()
				.stream()
				.max(Map.Entry.comparingByValue())
				.orElseThrow();
			String text = " (and %d more like this since, %d of them from %s)".formatted(this.lines, most.getValue(),
					most.getKey());
			this.lines = 0;
			this.peers.clear();
			return text;
		}

	}

}
