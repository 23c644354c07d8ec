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

package io.github.fdbroker.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * The handlers of one socket. Safe for use by several threads; handlers of lazy beans are
 * added while messages arrive.
 */
final class Routes implements DeliveryHandler {

	private final SocketSettings settings;

	private volatile List<Route> routes = List.of();

	Routes(SocketSettings settings) {
		this.settings = settings;
	}

	SocketSettings settings() {
		return this.settings;
	}

	/**
	 * Return the name of the socket or child, for exceptions.
	 */
	String label() {
		return this.settings.label();
	}

	/**
	 * Add a handler.
	 * @throws FdConfigurationException if a message could match this handler and another
	 */
	synchronized void add(Route added) {
		boolean hasHeaders = this.settings.format().wireFormat().hasHeaders();
		if (!hasHeaders) {
			requireNoHeaders(added);
		}
		for (Route other : this.routes) {
			if (other.overlaps(added) || !hasHeaders) {
				throw overlapping(other, added);
			}
		}
		List<Route> all = new ArrayList<>(this.routes);
		all.add(added);
		this.routes = List.copyOf(all);
	}

	private void requireNoHeaders(Route added) {
		if (!added.headers().isEmpty()) {
			throw new FdConfigurationException(
					"Listener %s of %s requires the headers %s, but messages of its format have no headers"
						.formatted(added, label(), added.headers()),
					"Remove the headers from @FdListener, or set %s=frame".formatted(this.settings.property("format")));
		}
		if (added.handler().needsNames()) {
			throw new FdConfigurationException(
					"Listener %s of %s selects descriptors by name, but those of messages of its format have no names"
						.formatted(added, label()),
					"Take the descriptors in their order, without @Fd(\"name\") and Map, or set %s=frame"
						.formatted(this.settings.property("format")));
		}
	}

	/**
	 * Return whether the handler takes or needs descriptors. There are several handlers
	 * only for formats that do not depend on this.
	 */
	@Override
	public DescriptorDemand demand() {
		return this.routes.get(0).handler().demand();
	}

	@Override
	public boolean needsCredentials() {
		return this.routes.stream().anyMatch((route) -> route.handler().needsCredentials());
	}

	@Override
	public @Nullable Object handle(Delivery delivery) throws Exception {
		List<Route> current = this.routes;
		Route route = isSole(current) ? current.get(0) : find(delivery.message());
		return route.handler().handle(delivery);
	}

	@Override
	public @Nullable Object recover(Delivery delivery, Throwable failure) throws Throwable {
		return find(delivery.message()).handler().recover(delivery, failure);
	}

	/**
	 * Return the names of the handlers that may match a message.
	 */
	String names(FdMessage message) {
		return match(message).map(Route::description).orElseGet(this::toString);
	}

	private Route find(FdMessage message) {
		return match(message).orElseThrow(this::noRoute);
	}

	private Optional<Route> match(FdMessage message) {
		List<Route> current = this.routes;
		if (isSole(current)) {
			return Optional.of(current.get(0));
		}
		List<Route> matching = current.stream().filter((route) -> route.matches(message)).toList();
		return (matching.size() == 1) ? Optional.of(matching.get(0))
				: matching.stream().filter((route) -> route.matchesType(message)).findFirst();
	}

	private static boolean isSole(List<Route> routes) {
		return routes.size() == 1 && routes.get(0).headers().isEmpty();
	}

	private FdConversionException noRoute() {
		return new FdConversionException("No listener of %s takes this message: %s".formatted(label(),
				this.routes.stream().map(Routes::describe).collect(Collectors.joining("; "))));
	}

	private static String describe(Route route) {
		return route.headers() + route.payloadType();
	}

	private FdConfigurationException overlapping(Route first, Route second) {
		boolean headers = this.settings.format().wireFormat().hasHeaders();
		return new FdConfigurationException(
				"%s has two listeners, %s and %s%s".formatted(StringUtils.capitalize(label()), first, second,
						headers ? ", and a message could match both"
								: ", but messages of its format have no headers to distinguish them"),
				(headers ? "Give them @FdListener(headers = ...) that exclude each other, or payloads of different classes"
						: "Leave one of them") + "; or configure a second one beside "
						+ this.settings.limits().prefix());
	}

	@Override
	public String toString() {
		return this.routes.stream().map(Route::description).collect(Collectors.joining(", "));
	}

}
