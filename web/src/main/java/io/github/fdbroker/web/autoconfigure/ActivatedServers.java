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

package io.github.fdbroker.web.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.systemd.ActivatedDescriptors;

/**
 * Takes the sockets that the service manager passed for servers.
 *
 * @param properties name the descriptors
 * @param descriptors what the service manager passed
 * @param environment tells whether it is used
 */
record ActivatedServers(FdWebProperties properties, ObjectProvider<ActivatedDescriptors> descriptors,
		Environment environment) {

	/**
	 * Take the socket of a server.
	 * @return the socket, or {@code null} if none was passed
	 */
	@Nullable OwnedFd take(String server) {
		String name = this.properties.name(server);
		return OnGivenSocketCondition.isActivated(name, this.environment)
				? ActivatedSocket.take(name, this.descriptors.getObject(), OwnedFd.class) : null;
	}

}
