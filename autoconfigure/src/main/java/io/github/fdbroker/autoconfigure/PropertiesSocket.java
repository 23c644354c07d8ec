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

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

import io.github.fdbroker.SocketType;
import io.github.fdbroker.autoconfigure.FdBrokerProperties.Socket;
import io.github.fdbroker.listener.SocketSettings;
import io.github.fdbroker.security.PeerAuthorizer;
import io.github.fdbroker.security.UserDatabase;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.socket.SocketFileSettings;
import io.github.fdbroker.socket.SocketPath;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.systemd.ActivatedDescriptor;
import io.github.fdbroker.systemd.ActivatedDescriptors;
import io.github.fdbroker.wire.WireLimits;

/**
 * Converts the properties of one socket to settings.
 *
 * @param name the name of the socket
 * @param socket its properties
 * @param takeover whether a process that this one takes over from may pass it
 */
record PropertiesSocket(String name, Socket socket, boolean takeover) {

	/**
	 * Return the settings.
	 * @param directory the directory for relative paths, or {@code null} for the working
	 * directory
	 * @param authorizer decides which peers may connect, or {@code null} to use the
	 * properties
	 * @param activated the descriptors that the service manager passed, or {@code null}
	 * if they are not used
	 */
	SocketSettings settings(@Nullable String directory, @Nullable PeerAuthorizer authorizer,
			@Nullable ActivatedDescriptors activated) {
		check();
		WireLimits limits = limits();
		SocketFileSettings file = new SocketFileSettings(this.socket.mode().permissions(), gid(),
				this.socket.createDirectory());
		List<InheritedDescriptor> inherited = inherited(activated);
		SocketPath path = inherited.isEmpty() ? path(directory) : new SocketPath(this.name, inherited.get(0).path());
		checkDatagram();
		return new SocketSettings(this.name, path, this.socket.type(), inherited, file, this.socket.format(), limits,
				(authorizer != null) ? authorizer : allowList(), this.socket.credentials(), this.socket.backlog(),
				this.socket.maxConnections(), this.socket.maxConnectionsPerUser(), this.socket.maxPendingReplies(),
				PropertyChecks.positiveOrNull(property("listener-timeout"), this.socket.listenerTimeout()),
				this.socket.sendTimeout(), refuseEarlyDescriptors(), this.socket.autoStartup());
	}

	private void check() {
		PropertyChecks.positive(property("backlog"), this.socket.backlog());
		PropertyChecks.positive(property("max-connections"), this.socket.maxConnections());
		PropertyChecks.positive(property("max-connections-per-user"), this.socket.maxConnectionsPerUser());
		PropertyChecks.positive(property("max-pending-replies"), this.socket.maxPendingReplies());
		PropertyChecks.notNegative(property("send-timeout"), this.socket.sendTimeout());
	}

	private WireLimits limits() {
		return CommonProperties.limits(prefix(), this.socket.maxMessageSize(), this.socket.maxDescriptors(),
				PropertyChecks.positive(property("message-timeout"), this.socket.messageTimeout()),
				PropertyChecks.positiveOrNull(property("idle-timeout"), this.socket.idleTimeout()));
	}

	private @Nullable Long gid() {
		return (this.socket.group() != null) ? new UserDatabase().gid(property("group"), this.socket.group()) : null;
	}

	private List<InheritedDescriptor> inherited(@Nullable ActivatedDescriptors activated) {
		if (this.socket.descriptor() != null) {
			return List.of(CommonProperties.inherited(property("descriptor"), this.socket.descriptor()));
		}
		return (activated != null) ? activated.named(this.name).stream().map(ActivatedDescriptor::descriptor).toList()
				: List.of();
	}

	private SocketPath path(@Nullable String directory) {
		if (!StringUtils.hasText(this.socket.path())) {
			if (this.takeover && this.socket.type() == SocketType.STREAM) {
				return SocketPath.unknown(this.name);
			}
			throw new InvalidConfigurationPropertyValueException(property("path"), this.socket.path(),
					"a socket needs a path, unless it is passed to the process under its name, or as a descriptor");
		}
		return CommonProperties.path(prefix(), this.name, this.socket.path(), this.socket.allowAbstractName(),
				directory);
	}

	/**
	 * One thread serves all senders of datagrams, so no sender may block it without a
	 * limit.
	 */
	private void checkDatagram() {
		if (this.socket.type() == SocketType.DATAGRAM) {
			PropertyChecks.positive(property("send-timeout"), this.socket.sendTimeout());
		}
	}

	private PeerAuthorizer allowList() {
		return CommonProperties.allowList(property("allow"), this.socket.allow(), List.of(Descriptors.self().uid()));
	}

	private boolean refuseEarlyDescriptors() {
		boolean refuse = this.socket.refuseEarlyDescriptors();
		if (refuse && !Kernel.calls().canRefuseDescriptors()) {
			throw new InvalidConfigurationPropertyValueException(property("refuse-early-descriptors"), true,
					"it needs Linux 6.16 or newer, and the transport 'native'");
		}
		return refuse;
	}

	private String prefix() {
		return "fdbroker.sockets." + this.name;
	}

	private String property(String property) {
		return prefix() + "." + property;
	}

}
