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

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.takeover.Launcher.Launch;
import io.github.fdbroker.takeover.TakeoverParticipant.PassedSocket;

/**
 * The take-over by which a new process goes on with the sockets of this one: does what
 * the new process requests on the control socket, and watches over it. Until the new
 * process serves, nothing changes here. If it fails after that, this process accepts
 * connections again.
 */
public final class OutgoingTakeover implements DisposableBean {

	private static final Log logger = LogFactory.getLog(OutgoingTakeover.class);

	/** How often to look after the new process. */
	private static final int WATCH_MILLIS = 200;

	/** How many connections travel in a message. */
	private static final int BATCH = 32;

	private final TakeoverSettings settings;

	private final TakeoverJournal journal;

	private final IncomingTakeover incoming;

	private final Participants participants;

	private final Contributions contributions;

	private final LongConsumer mainProcess;

	private final Runnable exit;

	private final Launcher launcher = new Launcher();

	private final ScheduledExecutorService watch;

	/** Guarded by this object. */
	private @Nullable Successor successor;

	private long watched = System.nanoTime();

	/**
	 * Create a take-over.
	 * @param settings the limits
	 * @param journal records the steps
	 * @param incoming the take-over by which this process came to serve
	 * @param participants returns the parts of the application that accept connections
	 * @param contributors returns the contributors by name
	 * @param mainProcess tells the service manager which process serves
	 * @param exit ends this process
	 */
	public OutgoingTakeover(TakeoverSettings settings, TakeoverJournal journal, IncomingTakeover incoming,
			Supplier<List<TakeoverParticipant>> participants, Supplier<Map<String, TakeoverContributor>> contributors,
			LongConsumer mainProcess, Runnable exit) {
		this.settings = settings;
		this.journal = journal;
		this.incoming = incoming;
		this.participants = new Participants(participants);
		this.contributions = new Contributions(contributors);
		this.mainProcess = mainProcess;
		this.exit = exit;
		this.watch = new ScheduledThreadPoolExecutor(1, (task) -> new Thread(task, "fd-takeover-watch"));
		this.watch.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
	}

	/**
	 * Start the command line of this process anew.
	 * @throws IOException if it cannot be started
	 */
	Launch launch() throws IOException {
		return this.launcher.launch();
	}

	/**
	 * Let a new process take over, if no other does.
	 * @param process the process
	 * @param connection the number of its connection
	 */
	synchronized OutgoingFdMessage begin(OtherProcess process, long connection) {
		if (this.successor != null) {
			return ControlMessage.refusal(this.successor.process() + " takes over at the moment");
		}
		if (this.incoming.isUnderWay()) {
			return ControlMessage.refusal("its own take-over is not finished");
		}
		if (!process.isKnown()) {
			return ControlMessage.refusal("the new process has another process namespace; share it between the two");
		}
		this.successor = new Successor(process, connection, this.settings.startTimeout());
		record(this.successor, TakeoverStep.BEGUN, "the new process starts");
		return OutgoingFdMessage.of(this.journal.export());
	}

	/**
	 * Do what the new process requests.
	 */
	synchronized OutgoingFdMessage step(ControlMessage request, String subject, OtherProcess process) {
		Successor current = this.successor;
		if (current == null || !current.process().equals(process)) {
			return notExpected();
		}
		return switch (request) {
			case SOCKETS -> sockets(current);
			case CONTRIBUTION -> this.contributions.contribute(subject);
			case READY -> ready(current);
			case ABANDON -> abandoned(current);
			default -> serving(current);
		};
	}

	private static OutgoingFdMessage notExpected() {
		return ControlMessage.refusal("it does not wait for this process, or not any longer");
	}

	private OutgoingFdMessage sockets(Successor current) {
		List<PassedSocket> sockets = this.participants.sockets();
		record(current, TakeoverStep.PASSED, sockets.size() + " listening sockets");
		return PassedSocket.message(sockets);
	}

	private OutgoingFdMessage ready(Successor current) {
		current.expectNow(this.settings.stepTimeout());
		record(current, TakeoverStep.READY, "the new process accepts connections from now on");
		return OutgoingFdMessage.builder().build();
	}

	private OutgoingFdMessage serving(Successor current) {
		if (current.step() != TakeoverStep.READY) {
			return notExpected();
		}
		record(current, TakeoverStep.SERVING, "both processes accept connections");
		current.expectNow(this.settings.stepTimeout());
		current.drain(this.settings.drainTimeout());
		this.participants.release();
		record(current, TakeoverStep.RELEASED, "this process finishes the connections that it has");
		this.launcher.serves(current.process());
		return OutgoingFdMessage.builder().build();
	}

	/**
	 * The new process ends.
	 */
	private OutgoingFdMessage abandoned(Successor current) {
		if (current.has(TakeoverStep.COMPLETED)) {
			return notExpected();
		}
		if (current.has(TakeoverStep.READY)) {
			takeBack(current, "the new process ends");
		}
		else {
			fail(current, "the new process ends");
		}
		return OutgoingFdMessage.builder().build();
	}

	/**
	 * Give the new process connections that are idle, or say that there are none left.
	 * @param last whether to reply in any case
	 * @return the reply, {@code null} if there is nothing to say yet
	 */
	synchronized @Nullable OutgoingFdMessage tryFinish(OtherProcess process, boolean last) {
		Successor current = this.successor;
		if (current == null || !current.process().equals(process) || current.step() != TakeoverStep.RELEASED) {
			return notExpected();
		}
		current.acknowledged();
		current.expectNow(this.settings.stepTimeout());
		List<PassedSocket> idle = this.participants.takeIdle(BATCH);
		if (!idle.isEmpty() || last) {
			current.keep(idle);
			return PassedSocket.message(PassedSocket.duplicates(idle));
		}
		if (isDrained(current)) {
			complete(current);
			return ControlMessage.finished();
		}
		return null;
	}

	private boolean isDrained(Successor current) {
		int connections = this.participants.connections();
		if (connections > 0 && !current.mayDrain()) {
			logger.warn(
					"%d connections were not finished within %s".formatted(connections, this.settings.drainTimeout()));
			return true;
		}
		return connections == 0;
	}

	/**
	 * This process is the main process of its service until it ends, so that it can go on
	 * if the new one fails.
	 */
	private void complete(Successor current) {
		record(current, TakeoverStep.COMPLETED, "this process ends");
		this.mainProcess.accept(current.process().pid());
		new Thread(this.exit, "fd-takeover-exit").start();
	}

	/**
	 * Note that a connection of the control socket has ended.
	 * @param connection its number
	 */
	public synchronized void disconnected(long connection) {
		Successor current = this.successor;
		if (current != null && current.connection() == connection && !current.has(TakeoverStep.COMPLETED)) {
			current.disconnect(this.settings.stepTimeout());
			this.watch.execute(this::watch);
		}
	}

	/**
	 * This process stops before the new one serves: leave it the sockets that it has.
	 */
	public synchronized void stopping() {
		Successor current = this.successor;
		if (current != null && current.has(TakeoverStep.PASSED) && !current.has(TakeoverStep.RELEASED)) {
			this.participants.release();
		}
	}

	private synchronized void watch() {
		try {
			this.participants.retryTakeBack();
			Successor current = this.successor;
			boolean stalled = hasStalled();
			if (current != null && !current.has(TakeoverStep.COMPLETED)) {
				if (stalled) {
					// What the new process said meanwhile was not read yet.
					current.expect(this.settings.stepTimeout());
				}
				watch(current);
			}
		}
		catch (RuntimeException ex) {
			logger.error("The take-over is not watched for a moment", ex);
		}
	}

	private void watch(Successor current) {
		if (!current.isConnected()) {
			watchDisconnected(current);
		}
		else if (current.isLate()) {
			current.process().kill("it did not say in time that it goes on with the take-over");
			current.disconnect(this.settings.stepTimeout());
		}
	}

	private void watchDisconnected(Successor current) {
		if (!current.has(TakeoverStep.READY)) {
			fail(current, "it has ended, or did not start within " + this.settings.startTimeout());
		}
		else if (!current.process().runs()) {
			takeBack(current, "the new process has ended");
		}
		else if (!current.has(TakeoverStep.RELEASED)) {
			// Whether it serves is not known.
			current.process().kill("it has closed its connection before it said that it serves");
		}
		else if (current.isLate()) {
			finishAlone(current);
		}
	}

	/**
	 * The new process serves, and did not wait for this one any longer, which was stopped
	 * for a while, perhaps.
	 */
	private void finishAlone(Successor current) {
		this.participants.adopt(current.takeUnacknowledged());
		this.participants.keepIdle();
		if (isDrained(current)) {
			complete(current);
		}
	}

	/**
	 * Whether this process was stopped for a while, by a signal for instance.
	 */
	private boolean hasStalled() {
		long now = System.nanoTime();
		boolean stalled = now - this.watched > TimeUnit.SECONDS.toNanos(1);
		this.watched = now;
		return stalled;
	}

	private void fail(Successor current, String reason) {
		this.successor = null;
		this.launcher.ended(current.process().pid(), reason);
		record(current, TakeoverStep.FAILED, reason + "; this process goes on");
	}

	private void takeBack(Successor current, String reason) {
		this.successor = null;
		if (current.has(TakeoverStep.SERVING)) {
			this.participants.takeBack();
			this.participants.adopt(current.takeUnacknowledged());
		}
		record(current, TakeoverStep.TAKEN_BACK, reason + "; this process accepts connections again");
	}

	private void record(Successor current, TakeoverStep step, String detail) {
		current.advance(step);
		this.journal.step(step, OtherProcess.self(), current.process(), detail);
	}

	@Override
	public void destroy() {
		this.watch.shutdownNow();
	}

}
