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

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.function.SingletonSupplier;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdException;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.InheritedDescriptorException;

/**
 * The descriptors that systemd, or another service manager, passed to this process
 * ({@code LISTEN_FDS}, see sd_listen_fds(3)): the sockets of socket units, and the
 * contents of the descriptor store.
 * <p>
 * The manager keeps a listening socket: each caller that takes it gets a duplicate,
 * shutdown(2) must not be called on it, and connections that were not accepted wait for
 * the next start. Any other descriptor can be taken only once. Descriptors that were not
 * taken are closed when the application is ready.
 * <p>
 * The environment of a Java process cannot be changed. Child processes inherit
 * {@code LISTEN_FDS}, but not the descriptors, which have close-on-exec set;
 * {@code LISTEN_PID} shows that the variables are meant for another process.
 * <p>
 * Safe for use by several threads.
 */
public final class ActivatedDescriptors {

	private static final Log logger = LogFactory.getLog(ActivatedDescriptors.class);

	private static final SingletonSupplier<List<ActivatedDescriptor>> OF_PROCESS = SingletonSupplier
		.of(ActivatedDescriptors::read);

	private final List<ActivatedDescriptor> all;

	private final FdConverters converters;

	/**
	 * Create the descriptors.
	 * @param all the descriptors
	 * @param converters the converters from descriptors to Java types
	 */
	public ActivatedDescriptors(List<ActivatedDescriptor> all, FdConverters converters) {
		this.all = List.copyOf(all);
		this.converters = converters;
	}

	/**
	 * Return the descriptors that were passed to this process. The environment is read
	 * once.
	 * @return the descriptors, in the order of their numbers
	 * @throws InheritedDescriptorException if the environment is invalid, or a descriptor
	 * that it announces is not open
	 */
	public static List<ActivatedDescriptor> ofProcess() {
		return OF_PROCESS.obtain();
	}

	/**
	 * Return all descriptors.
	 * @return the descriptors, in the order of their numbers
	 */
	public List<ActivatedDescriptor> all() {
		return this.all;
	}

	/**
	 * Return the descriptors with a name.
	 * @param name the name
	 * @return the descriptors, in the order of their numbers
	 */
	public List<ActivatedDescriptor> named(String name) {
		return this.all.stream().filter((descriptor) -> descriptor.name().equals(name)).toList();
	}

	/**
	 * Return the first descriptor with a name that was not taken yet.
	 */
	Optional<ActivatedDescriptor> find(String name) {
		return named(name).stream()
			.filter((descriptor) -> !descriptor.descriptor().isClaimed() && descriptor.descriptor().isAvailable())
			.findFirst();
	}

	/**
	 * Take the first descriptor with a name that was not taken yet.
	 * @param name the name
	 * @param type a type that descriptors convert to, or {@link OwnedFd}
	 * @param <T> the type
	 * @return the new owner
	 * @throws FdException if there is no such descriptor
	 * @throws FdConversionException if the type does not fit the descriptor
	 */
	public <T> T take(String name, Class<T> type) {
		return find(name).map((descriptor) -> take(descriptor, type))
			.orElseThrow(() -> new FdException("No activated descriptor '%s' is left of %s".formatted(name, this.all)));
	}

	/**
	 * Take a descriptor.
	 * @param descriptor the descriptor
	 * @param type a type that descriptors convert to, or {@link OwnedFd}
	 * @param <T> the type
	 * @return the new owner
	 * @throws IllegalStateException if the descriptor was taken or closed before
	 * @throws FdConversionException if the type does not fit the descriptor, which is
	 * then closed
	 */
	public <T> T take(ActivatedDescriptor descriptor, Class<T> type) {
		OwnedFd owned = this.converters.adopt(descriptor.descriptor().claim());
		if (type == OwnedFd.class) {
			return type.cast(owned);
		}
		try {
			return owned.into(type);
		}
		catch (RuntimeException | Error ex) {
			owned.close();
			throw ex;
		}
	}

	/**
	 * Close the descriptors that were not taken, and log a warning for each.
	 */
	public void closeUnclaimed() {
		for (ActivatedDescriptor activated : this.all) {
			if (!activated.descriptor().isClaimed() && activated.descriptor().isAvailable()) {
				logger.warn(("%s, %s, is closed because it is not used: configure fdbroker.sockets.%s for a listener, "
						+ "or inject it by @Qualifier(\"%s\")")
					.formatted(activated, activated.kind(), activated.name(), activated.name()));
				activated.descriptor().close();
			}
		}
	}

	private static List<ActivatedDescriptor> read() {
		List<String> names = ListenEnvironment.of(System.getenv(), ProcessHandle.current().pid()).names();
		return IntStream.range(0, names.size())
			.mapToObj((i) -> new ActivatedDescriptor(names.get(i), InheritedDescriptor.of(ListenEnvironment.FIRST + i)))
			.toList();
	}

}
