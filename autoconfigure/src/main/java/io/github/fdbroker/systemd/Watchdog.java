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

package io.github.fdbroker.systemd;

import java.io.Closeable;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Notifies the service manager that this process is alive, at half the interval that the
 * manager requires, see sd_watchdog_enabled(3).
 */
public final class Watchdog implements Closeable {

	private static final Log logger = LogFactory.getLog(Watchdog.class);

	private final ScheduledExecutorService thread;

	private Watchdog(ScheduledExecutorService thread) {
		this.thread = thread;
	}

	/**
	 * Return the interval that the manager requires ({@code WATCHDOG_USEC}).
	 * @param environment the environment of this process
	 * @param pid this process
	 * @return the interval, empty if the manager requires none, or requires it of another
	 * process
	 */
	public static Optional<Duration> interval(Map<String, String> environment, long pid) {
		String own = String.valueOf(pid);
		String micros = environment.getOrDefault("WATCHDOG_USEC", "");
		if (!environment.getOrDefault("WATCHDOG_PID", own).equals(own) || !micros.matches("[1-9][0-9]{0,17}")) {
			return Optional.empty();
		}
		return Optional.of(Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
	}

	/**
	 * Start the watchdog.
	 * @param interval the interval that the manager requires
	 * @param notifier sends the notifications to the manager
	 * @param alive whether this process is alive; while it is not, the manager is not
	 * notified, and acts according to {@code Restart=} of the unit
	 * @return the watchdog, to be closed by the caller
	 */
	public static Watchdog start(Duration interval, SystemdNotifier notifier, BooleanSupplier alive) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("fd-watchdog-");
		threads.setDaemon(true);
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(threads);
		long pause = Math.max(1, interval.toNanos() / 2);
		thread.scheduleAtFixedRate(() -> ping(notifier, alive), 0, pause, TimeUnit.NANOSECONDS);
		return new Watchdog(thread);
	}

	/**
	 * An exception must not end the schedule, because only this notification has failed.
	 */
	private static void ping(SystemdNotifier notifier, BooleanSupplier alive) {
		try {
			if (alive.getAsBoolean()) {
				notifier.notifyManager("WATCHDOG=1");
			}
		}
		catch (RuntimeException | Error ex) {
			logger.error("The service manager was not notified of WATCHDOG=1", ex);
		}
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

}
