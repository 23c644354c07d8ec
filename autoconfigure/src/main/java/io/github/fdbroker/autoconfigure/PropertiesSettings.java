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

package io.github.fdbroker.autoconfigure;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;

import io.github.fdbroker.autoconfigure.FdBrokerProperties.Child;
import io.github.fdbroker.broker.DestinationSettings;
import io.github.fdbroker.broker.PeerSettings;
import io.github.fdbroker.child.ChildSettings;
import io.github.fdbroker.listener.SocketSettings;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.wire.WireLimits;

/**
 * Converts properties to settings, and rejects invalid values.
 *
 * @param properties the properties
 * @param authorizer decides which peers may connect to any socket, or {@code null} to use
 * the properties
 * @param activated the descriptors that the service manager passed, or {@code null} if
 * they are not used
 * @param takeover whether a process that this one takes over from may pass sockets
 */
record PropertiesSettings(FdBrokerProperties properties, @Nullable PeerAuthorizer authorizer,
		@Nullable ActivatedDescriptors activated, boolean takeover) {

	/** The properties of children whose name is not configured. */
	private static final Child UNNAMED = new Binder().bindOrCreate("child", Child.class);

	Map<String, SocketSettings> sockets() {
		Map<String, SocketSettings> sockets = new LinkedHashMap<>();
		this.properties.sockets()
			.forEach((name, socket) -> sockets.put(name, new PropertiesSocket(name, socket, this.takeover)
				.settings(this.properties.directory(), this.authorizer, this.activated)));
		return sockets;
	}

	Map<String, PeerSettings> peers() {
		Map<String, PeerSettings> peers = new LinkedHashMap<>();
		this.properties.peers()
			.forEach((name, peer) -> peers.put(name,
					new PropertiesPeer(name, peer).settings(this.properties.directory())));
		return peers;
	}

	/**
	 * Return the function that gives the settings of children of a name, configured or
	 * not.
	 */
	Function<String, ChildSettings> children() {
		Map<String, ChildSettings> children = new HashMap<>();
		this.properties.children().forEach((name, child) -> children.put(name, child(name, name, child)));
		return (name) -> {
			ChildSettings configured = children.get(name);
			// Names may be generated, so the others are not kept.
			return (configured != null) ? configured : child(ChildSettings.OTHER, name, UNNAMED);
		};
	}

	/**
	 * Return the function that gives the settings of listeners of children.
	 */
	Function<String, SocketSettings> childListeners() {
		return children().andThen((child) -> SocketSettings.child(child.group(), child.name(),
				child.messages().format(), child.messages().limits(), child.maxPending()));
	}

	private static ChildSettings child(String group, String name, Child child) {
		String prefix = "fdbroker.children." + name;
		WireLimits limits = CommonProperties.limits(prefix, child.maxMessageSize(), child.maxDescriptors(),
				PropertyChecks.positive(prefix + ".message-timeout", child.messageTimeout()), null);
		DestinationSettings messages = CommonProperties.checked(new DestinationSettings(name, "child '" + name + "'",
				child.format(), limits, child.sendTimeout(), child.replyTimeout(), child.maxPendingSends()));
		return new ChildSettings(group, messages,
				PropertyChecks.positive(prefix + ".max-pending-messages", child.maxPendingMessages()));
	}

}
