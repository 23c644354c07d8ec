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

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.socket.FdDatagramSocket;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.socket.UnixAddress;
import io.github.fdbroker.system.CloseBarrier;

/**
 * Notifies the service manager of the state of this process, see sd_notify(3). Without a
 * manager that accepts notifications ({@code NOTIFY_SOCKET}), nothing happens.
 * <p>
 * The manager accepts notifications from the processes that {@code NotifyAccess=} of the
 * unit permits. Child processes inherit {@code NOTIFY_SOCKET}, because the environment of
 * a Java process cannot be changed: remove it from {@link ProcessBuilder#environment()}
 * if {@code NotifyAccess=} permits all processes.
 * <p>
 * Safe for use by several threads.
 */
public final class SystemdNotifier {

	private static final Log logger = LogFactory.getLog(SystemdNotifier.class);

	/** How long to wait for room in the manager's queue. */
	private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

	/** The watchdogs of two processes, of which one speaks at a time, are out of step. */
	private static final String ALIVE = "WATCHDOG=1";

	private final @Nullable UnixAddress manager;

	private final Transport transport;

	/** While another process is the one that serves. */
	private volatile boolean silent;

	private SystemdNotifier(@Nullable UnixAddress manager, Transport transport) {
		this.manager = manager;
		this.transport = transport;
	}

	/**
	 * Create a notifier for the manager that the environment names.
	 * @param environment the environment of this process
	 * @param transport the transport for bytes and descriptors
	 * @return the notifier
	 */
	public static SystemdNotifier of(Map<String, String> environment, Transport transport) {
		String address = environment.getOrDefault("NOTIFY_SOCKET", "");
		boolean unix = address.startsWith("/") || address.startsWith("@");
		if (!unix && !address.isEmpty()) {
			logger.warn("The service manager is not notified: NOTIFY_SOCKET is not of AF_UNIX: " + address);
		}
		return new SystemdNotifier(unix ? UnixAddress.of(address) : null, transport);
	}

	/**
	 * Whether there is a manager.
	 * @return {@code false} if notifications have no effect
	 */
	public boolean isAvailable() {
		return this.manager != null;
	}

	/**
	 * Tell the manager that another process is the main process of the service from now
	 * on ({@code MAINPID}), and notify it of nothing else, so that the end of this
	 * process is not taken for that of the service.
	 * @param pid the id of the process
	 */
	public void handOver(long pid) {
		notifyManager(ALIVE, "MAINPID=" + pid);
		silence();
	}

	/**
	 * Notify the manager of nothing, while another process is the main process of the
	 * service.
	 */
	public void silence() {
		this.silent = true;
	}

	/**
	 * Notify the manager again: this process is the main process of the service.
	 */
	public void takeOver() {
		this.silent = false;
		notifyManager("READY=1", "STATUS=Ready", ALIVE);
	}

	/**
	 * Set the line that {@code systemctl status} shows.
	 * @param status the line
	 */
	public void status(String status) {
		notifyManager("STATUS=" + status.replace('\n', ' '));
	}

	/**
	 * Notify the manager. A failure is logged and otherwise ignored.
	 * @param assignments the variable assignments, such as {@code READY=1}
	 */
	public void notifyManager(String... assignments) {
		if (isAvailable() && !this.silent) {
			try {
				send(List.of(assignments), List.of());
			}
			catch (FdException ex) {
				logger.warn("The service manager was not notified of %s: %s".formatted(List.of(assignments),
						ex.getMessage()));
			}
		}
	}

	/**
	 * Wait until the manager has processed all earlier notifications ({@code BARRIER=1},
	 * systemd 246).
	 * @param timeout how long to wait
	 * @throws FdTimeoutException if the manager does not do so within the timeout
	 * @throws FdConnectException if there is no manager
	 */
	public void barrier(Duration timeout) {
		try (CloseBarrier barrier = new CloseBarrier()) {
			send(List.of("BARRIER=1"), List.of(barrier.descriptor()));
			if (!barrier.await(timeout)) {
				throw new FdTimeoutException(
						"The service manager at %s did not process earlier notifications within %d ms"
							.formatted(this.manager, timeout.toMillis()));
			}
		}
		catch (IOException ex) {
			throw new FdException("Waiting for the service manager failed: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Send one message.
	 * @throws FdConnectException if there is no manager
	 */
	void send(List<String> assignments, List<FileDescriptor> descriptors) {
		for (String assignment : assignments) {
			Assert.isTrue(assignment.indexOf('\n') < 0, "'assignments' must be of one line each");
		}
		if (this.manager == null) {
			throw new FdConnectException(
					"There is no service manager to notify of %s: NOTIFY_SOCKET is not set".formatted(assignments));
		}
		byte[] message = String.join("\n", assignments).getBytes(StandardCharsets.UTF_8);
		try (FdDatagramSocket socket = FdDatagramSocket.open("notify", this.transport, SEND_TIMEOUT)) {
			socket.send(ByteBuffer.allocateDirect(message.length).put(message).flip(), descriptors, this.manager);
		}
	}

}
