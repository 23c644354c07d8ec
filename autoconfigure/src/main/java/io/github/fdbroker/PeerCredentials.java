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

package io.github.fdbroker;

import java.util.List;

/**
 * The process at the other end of a connection, as the kernel reports it
 * ({@code SO_PEERCRED}, see unix(7)).
 * <p>
 * The values are those of the moment the peer called {@code connect} (or, for a server,
 * {@code listen}); they belong to the socket and do not follow it when the peer passes
 * the socket on or changes its user. A process in another user or process namespace
 * appears as uid 65534 or pid 0.
 *
 * @param pid the process id, or -1 if the system does not report it
 * @param uid the effective user id, from 0 to 4294967295
 * @param gid the effective group id, from 0 to 4294967295
 * @param groups the supplementary groups, empty if they are not known
 */
public record PeerCredentials(long pid, long uid, long gid, List<Long> groups) {

	/**
	 * Create the credentials.
	 */
	public PeerCredentials {
		groups = List.copyOf(groups);
	}

	@Override
	public String toString() {
		return "pid " + this.pid + " uid " + this.uid + " gid " + this.gid;
	}

}
