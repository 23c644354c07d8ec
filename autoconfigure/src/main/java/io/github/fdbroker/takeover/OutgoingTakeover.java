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
import java.util.ArrayList;
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
import io.github.fdbroker.PeerCredentials;
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

	/** How often to look for a new process that is late. */
	private static final int WATCH_MILLIS = 200;

	/** How many connections travel in a message. */
	private static final int BATCH = 32;

	private final TakeoverSettings settings;

	private final TakeoverJournal journal;

	private final IncomingTakeover incoming;

	private final Supplier<List<TakeoverParticipant>> participants;

	private final Supplier<Map<String, TakeoverContributor>> contributors;

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
		this.participants = participants;
		this.contributors = contributors;
		this.mainProcess = mainProcess;
		this.exit = exit;
		this.watch = new ScheduledThreadPoolExecutor(1, (task) -> new Thread(task, "fd-takeover-watch"));
		this.watch.scheduleWithFixedDelay(this::checkLate, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
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
	 */
	synchronized OutgoingFdMessage begin(OtherProcess process) {
		if (this.successor != null) {
			return ControlMessage.refusal(this.successor.process() + " takes over at the moment");
		}
		if (this.incoming.isUnderWay()) {
			return ControlMessage.refusal("its own take-over is not finished");
		}
		this.successor = new Successor(process, this.settings.startTimeout());
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
			case CONTRIBUTION -> contribution(subject);
			case READY -> ready(current);
			default -> released(current);
		};
	}

	private static OutgoingFdMessage notExpected() {
		return ControlMessage.refusal("it does not wait for this process, or not any longer");
	}

	private OutgoingFdMessage sockets(Successor current) {
		List<PassedSocket> sockets = new ArrayList<>();
		this.participants.get().forEach((participant) -> sockets.addAll(participant.sockets()));
		record(current, TakeoverStep.PASSED, sockets.size() + " listening sockets");
		return PassedSocket.message(sockets);
	}

	private OutgoingFdMessage contribution(String name) {
		TakeoverContributor contributor = this.contributors.get().get(name);
		OutgoingFdMessage contribution = (contributor != null) ? contribution(name, contributor) : null;
		return (contribution != null) ? contribution : ControlMessage.finished();
	}

	private static @Nullable OutgoingFdMessage contribution(String name, TakeoverContributor contributor) {
		try {
			return contributor.contribute();
		}
		catch (RuntimeException ex) {
			logger.error("Contributor '" + name + "' contributes nothing to the take-over", ex);
			return null;
		}
	}

	private OutgoingFdMessage ready(Successor current) {
		current.expect(this.settings.stepTimeout());
		record(current, TakeoverStep.READY, "the new process accepts connections from now on");
		return OutgoingFdMessage.builder().build();
	}

	private OutgoingFdMessage released(Successor current) {
		if (current.step() != TakeoverStep.READY) {
			return notExpected();
		}
		record(current, TakeoverStep.SERVING, "both processes accept connections");
		this.participants.get().forEach(TakeoverParticipant::release);
		this.mainProcess.accept(current.process().pid());
		current.expect(this.settings.stepTimeout());
		current.drain(this.settings.drainTimeout());
		record(current, TakeoverStep.RELEASED, "this process finishes the connections that it has");
		this.launcher.serves(current.process());
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
		current.expect(this.settings.stepTimeout());
		List<PassedSocket> idle = takeIdle();
		if (!idle.isEmpty() || last) {
			current.keep(idle);
			return PassedSocket.message(idle.stream().map(PassedSocket::duplicate).toList());
		}
		if (isDrained(current)) {
			complete(current);
			return ControlMessage.finished();
		}
		return null;
	}

	private List<PassedSocket> takeIdle() {
		List<PassedSocket> idle = new ArrayList<>();
		for (TakeoverParticipant participant : this.participants.get()) {
			idle.addAll(participant.takeIdle(BATCH - idle.size()));
		}
		return idle;
	}

	private boolean isDrained(Successor current) {
		int connections = this.participants.get().stream().mapToInt(TakeoverParticipant::connections).sum();
		if (connections > 0 && !current.mayDrain()) {
			logger.warn(
					"%d connections were not finished within %s".formatted(connections, this.settings.drainTimeout()));
			return true;
		}
		return connections == 0;
	}

	private void complete(Successor current) {
		record(current, TakeoverStep.COMPLETED, "this process ends");
		new Thread(this.exit, "fd-takeover-exit").start();
	}

	/**
	 * Note that a connection of the control socket has ended.
	 * @param peer the process that was connected
	 */
	public void disconnected(PeerCredentials peer) {
		this.watch.execute(() -> lost(new OtherProcess(peer.pid())));
	}

	private synchronized void lost(OtherProcess process) {
		Successor current = this.successor;
		if (current == null || !current.process().equals(process) || current.step() == TakeoverStep.COMPLETED) {
			return;
		}
		if (!current.mayServe()) {
			fail(current, "it has ended, or closed its connection");
		}
		else if (hasEnded(process)) {
			takeBack(current, "the new process has ended");
		}
		else {
			// It serves, and did not wait for this process any longer.
			finishAlone(current);
		}
	}

	private boolean hasEnded(OtherProcess process) {
		try {
			return process.awaitEnd(this.settings.stepTimeout());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private void finishAlone(Successor current) {
		if (current.step() == TakeoverStep.READY) {
			released(current);
		}
		if (isDrained(current)) {
			complete(current);
		}
		else {
			this.watch.schedule(() -> lost(current.process()), WATCH_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private synchronized void checkLate() {
		Successor current = this.successor;
		boolean stalled = hasStalled();
		if (current != null && stalled) {
			// What the new process said meanwhile was not read yet.
			current.expect(this.settings.stepTimeout());
		}
		else if (current != null && current.step() != TakeoverStep.COMPLETED && current.isLate()) {
			current.process().kill("it did not say in time that it goes on with the take-over");
			if (current.mayServe()) {
				hasEnded(current.process());
				takeBack(current, "the new process did not respond");
			}
			else {
				fail(current, "it did not start within " + this.settings.startTimeout());
			}
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
		boolean released = current.step() == TakeoverStep.RELEASED;
		this.successor = null;
		if (released) {
			this.participants.get().forEach(TakeoverParticipant::takeBack);
			current.takeUnacknowledged().forEach(this::adopt);
			this.mainProcess.accept(OtherProcess.self().pid());
		}
		record(current, TakeoverStep.TAKEN_BACK, reason + "; this process accepts connections again");
	}

	private void adopt(PassedSocket connection) {
		if (this.participants.get().stream().noneMatch((participant) -> participant.adoptIdle(connection))) {
			connection.descriptor().close();
		}
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
