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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.Assert;

import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.system.BorrowedFd;

/**
 * Keeps descriptors in the service manager across restarts of this process. This is the
 * descriptor store of systemd, see {@code FDSTORE=1} in sd_notify(3) and
 * {@code FileDescriptorStoreMax=} in systemd.service(5).
 * <p>
 * A stored descriptor is passed to the service under its name at the next start. Take it
 * before the application is ready: after that, descriptors that were not taken are closed
 * in this process, although the manager still has them. A descriptor stays in the store
 * until it is removed, the service is stopped, or, if the manager watches it, all other
 * holders have closed the other end.
 * <p>
 * The manager does not report that the store is full or disabled: it closes the
 * descriptor and writes a message to its own log. Safe for use by several threads.
 */
public final class FdStore {

	private static final Log logger = LogFactory.getLog(FdStore.class);

	/** The names that the manager accepts; it ignores others. */
	private static final String NAME = "[\\x20-\\x7e&&[^:]]{1,255}";

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final SystemdNotifier notifier;

	private final ActivatedDescriptors activated;

	private final FdSources sources;

	private final boolean announced;

	/**
	 * Create the store.
	 * @param notifier sends messages to the manager
	 * @param activated the descriptors that the manager passed to this process
	 * @param sources finds the descriptors of objects
	 * @param environment the environment of this process
	 */
	public FdStore(SystemdNotifier notifier, ActivatedDescriptors activated, FdSources sources,
			Map<String, String> environment) {
		this.notifier = notifier;
		this.activated = activated;
		this.sources = sources;
		this.announced = environment.containsKey("FDSTORE");
	}

	/**
	 * Whether there is a manager. It may or may not have a store for this service.
	 * @return {@code false} if nothing can be stored
	 */
	public boolean isAvailable() {
		return this.notifier.isAvailable();
	}

	/**
	 * Store a descriptor. The manager drops it when its other end is closed. This method
	 * returns when the manager has the descriptor.
	 * @param name the name, 1 to 255 characters of ASCII without {@code :} and control
	 * characters; several descriptors may have the same
	 * @param source the object that has the descriptor, which stays its owner's
	 * @throws FdConversionException if the object has no descriptor
	 * @throws FdConnectException if there is no manager
	 * @throws FdTimeoutException if the manager does not react
	 */
	public void store(String name, Object source) {
		store(name, source, true);
	}

	/**
	 * Store a descriptor. This method returns when the manager has the descriptor.
	 * @param name the name, 1 to 255 characters of ASCII without {@code :} and control
	 * characters; several descriptors may have the same
	 * @param source the object that has the descriptor, which stays its owner's
	 * @param watch whether the manager drops the descriptor when its other end is closed;
	 * if not ({@code FDPOLL=0}), it keeps the descriptor until it is removed
	 * @throws FdConversionException if the object has no descriptor
	 * @throws FdConnectException if there is no manager
	 * @throws FdTimeoutException if the manager does not react
	 */
	public void store(String name, Object source, boolean watch) {
		List<String> assignments = new ArrayList<>(List.of("FDSTORE=1", name(name)));
		if (!watch) {
			assignments.add("FDPOLL=0");
		}
		if (isAvailable() && !this.announced) {
			logger.warn("Whether the service manager keeps '" + name + "' is not known: FDSTORE is not set, because "
					+ "FileDescriptorStoreMax= of the unit is 0, or systemd is older than 254");
		}
		try (BorrowedFd borrowed = this.sources.borrow(source)) {
			this.notifier.send(assignments, List.of(borrowed.descriptor()));
			this.notifier.barrier(TIMEOUT);
		}
	}

	/**
	 * Remove all descriptors with a name. This method returns when the manager has closed
	 * them.
	 * @param name the name
	 * @throws FdConnectException if there is no manager
	 * @throws FdTimeoutException if the manager does not react
	 */
	public void remove(String name) {
		this.notifier.send(List.of("FDSTOREREMOVE=1", name(name)), List.of());
		this.notifier.barrier(TIMEOUT);
	}

	/**
	 * Take the first stored descriptor with a name that was not taken yet. The manager
	 * still keeps it as well.
	 * @param name the name
	 * @param type a type that descriptors convert to, or {@link OwnedFd}
	 * @param <T> the type
	 * @return the new owner, or empty if there is none
	 * @throws FdConversionException if the type does not fit the descriptor
	 */
	public <T> Optional<T> take(String name, Class<T> type) {
		return this.activated.find(name).map((descriptor) -> this.activated.take(descriptor, type));
	}

	private static String name(String name) {
		Assert.isTrue(name.matches(NAME), () -> "'name' must be of 1 to 255 characters of ASCII without ':' and "
				+ "control characters: " + name);
		return "FDNAME=" + name;
	}

}
