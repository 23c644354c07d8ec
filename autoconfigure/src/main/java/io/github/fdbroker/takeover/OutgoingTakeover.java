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

/**
 * The take-over by which a new process goes on with the sockets of this one: one thread
 * at a time does what the new process requests on the control socket, or watches over it.
 * Until the new process serves, nothing changes here. If it fails after that, this
 * process accepts connections again.
 */
public final class OutgoingTakeover implements DisposableBean {

	private static final Log logger = LogFactory.getLog(OutgoingTakeover.class);

	/** How often to look after the new process. */
	private static final int WATCH_MILLIS = 200;

	private final TakeoverSettings settings;

	private final IncomingTakeover incoming;

	private final Participants participants;

	private final Launcher launcher = new Launcher();

	/** Guarded by this object. */
	private final Succession succession;

	/** Guarded by this object. */
	private final SuccessorRequests requests;

	/** Guarded by this object. */
	private final SuccessorWatch watch;

	private final ScheduledExecutorService timer;

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
		this.incoming = incoming;
		this.participants = new Participants(participants);
		this.succession = new Succession(settings, journal, this.participants, this.launcher, mainProcess, exit);
		this.requests = new SuccessorRequests(settings, journal, this.succession, this.participants,
				new Contributions(contributors), this.launcher);
		this.watch = new SuccessorWatch(settings, this.succession, this.participants);
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> new Thread(task, "fd-takeover-watch"));
		this.timer.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
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
		return this.incoming.isUnderWay() ? ControlMessage.refusal("its own take-over is not finished")
				: this.requests.begin(process, connection);
	}

	/**
	 * Do what the new process requests.
	 */
	synchronized OutgoingFdMessage step(ControlMessage request, String subject, OtherProcess process) {
		return this.requests.step(request, subject, process);
	}

	/**
	 * Give the new process connections that are idle, or say that there are none left.
	 * @param last whether to reply in any case
	 * @return the reply, {@code null} if there is nothing to say yet
	 */
	synchronized @Nullable OutgoingFdMessage tryFinish(OtherProcess process, boolean last) {
		return this.requests.tryFinish(process, last);
	}

	/**
	 * Note that a connection of the control socket has ended.
	 * @param connection its number
	 */
	public synchronized void disconnected(long connection) {
		Successor current = this.succession.current();
		if (current != null && current.connection() == connection && !current.has(TakeoverStep.COMPLETED)) {
			current.disconnect(this.settings.stepTimeout());
			this.timer.execute(this::watch);
		}
	}

	/**
	 * This process stops before the new one serves: leave it the sockets that it has.
	 */
	public synchronized void stopping() {
		Successor current = this.succession.current();
		if (current != null && current.has(TakeoverStep.PASSED) && !current.has(TakeoverStep.RELEASED)) {
			this.participants.release();
		}
	}

	private synchronized void watch() {
		try {
			this.watch.watch();
		}
		catch (RuntimeException | Error ex) {
			// The timer would stop otherwise.
			logger.error("The take-over is not watched for a moment", ex);
		}
	}

	@Override
	public void destroy() {
		this.timer.shutdownNow();
	}

}
