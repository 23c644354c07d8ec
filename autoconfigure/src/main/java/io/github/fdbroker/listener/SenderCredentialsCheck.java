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

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.security.AllowListPeerAuthorizer;
import io.github.fdbroker.socket.Transport;
import io.github.fdbroker.system.Descriptors;

/**
 * Checks before a socket is opened that the transport provides the credentials of senders
 * if the settings of the socket or its listener require them.
 */
final class SenderCredentialsCheck {

	private static final Log logger = LogFactory.getLog(SenderCredentialsCheck.class);

	private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_WRITE,
			PosixFilePermission.OTHERS_WRITE);

	private SenderCredentialsCheck() {
	}

	/**
	 * Check the settings of a socket.
	 * @throws FdConfigurationException if the transport does not support them
	 */
	static void require(SocketSettings settings, Routes listeners, Transport transport) {
		if (transport.passesCredentials()) {
			return;
		}
		if (settings.type() == SocketType.DATAGRAM) {
			requireNoKnowledge(settings, listeners, transport);
			logProtection(settings, transport);
		}
		else if (settings.credentials() == CredentialsSource.MESSAGE) {
			throw unknown(settings, transport,
					"fdbroker.sockets." + settings.name() + ".credentials=message requires it",
					"Use the credentials of the connection");
		}
	}

	private static void requireNoKnowledge(SocketSettings settings, Routes listeners, Transport transport) {
		boolean ownUserOnly = settings.authorizer() instanceof AllowListPeerAuthorizer list
				&& list.isOnly(Descriptors.self().uid());
		if (!ownUserOnly) {
			throw unknown(settings, transport,
					"a rule on senders (fdbroker.sockets." + settings.name()
							+ ".allow, or a PeerAuthorizer) could not be enforced",
					"Remove the rule and protect the socket by its directory, mode and group, or use type 'seqpacket'");
		}
		if (settings.path().isAbstract()) {
			throw unknown(settings, transport, "an abstract name has no permissions, so any process could send",
					"Use a path, or type 'seqpacket'");
		}
		if (listeners.needsCredentials()) {
			throw unknown(settings, transport, "a parameter of " + listeners + " is PeerCredentials",
					"Remove the parameter, or use type 'seqpacket'");
		}
	}

	private static void logProtection(SocketSettings settings, Transport transport) {
		Set<PosixFilePermission> mode = settings.file().mode();
		String message = ("Transport '%s' cannot identify the senders of datagrams to socket %s: only its directory and "
				+ "mode protect it, and every process that may write to its file (%s) is served")
			.formatted(transport.name(), settings.path(), PosixFilePermissions.toString(mode));
		if (mode.stream().anyMatch(OTHERS::contains)) {
			logger.warn(message);
		}
		else {
			logger.info(message);
		}
	}

	private static FdConfigurationException unknown(SocketSettings settings, Transport transport, String why,
			String what) {
		return new FdConfigurationException(
				"Transport '%s' cannot identify the sender of a message to socket '%s', but %s".formatted(
						transport.name(), settings.name(), why),
				what + "; or use the transport 'native' (Linux)");
	}

}
