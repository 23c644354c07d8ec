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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.fdbroker.OwnedFd;

/**
 * The servers of one container: one, or one for each socket that was inherited or
 * adopted.
 *
 * @param servers the servers
 */
record RunningServers(List<Server> servers) {

	/** The state without a running server. */
	static final RunningServers NONE = new RunningServers(List.of());

	/**
	 * Return these servers and a further one.
	 */
	RunningServers with(Server further) {
		return new RunningServers(Stream.concat(this.servers.stream(), Stream.of(further)).toList());
	}

	int connections() {
		return this.servers.stream().mapToInt(Server::connections).sum();
	}

	List<ConnectionStatus> connectionStatuses() {
		return served().map(ServedConnection::status).toList();
	}

	/**
	 * End a connection at once.
	 * @return {@code false} if there is no such connection
	 */
	boolean closeConnection(long id) {
		List<ServedConnection> found = served().filter((connection) -> connection.status().id() == id).toList();
		found.forEach(ServedConnection::abort);
		return !found.isEmpty();
	}

	boolean isAccepting() {
		return this.servers.stream().anyMatch(Server::isAccepting);
	}

	/**
	 * Become the owner of the addresses. A server that was released may still have
	 * connections, but no address.
	 */
	void bind() {
		accepting().forEach(Server::bind);
	}

	/**
	 * Duplicate the listening sockets, for another process.
	 * @return the duplicates, which the caller has to close; sockets that another process
	 * cannot serve are left out
	 */
	List<OwnedFd> duplicates() {
		List<OwnedFd> duplicates = new ArrayList<>();
		try {
			accepting().map(Server::duplicate).filter(Objects::nonNull).forEach(duplicates::add);
			return duplicates;
		}
		catch (RuntimeException | Error ex) {
			duplicates.forEach(OwnedFd::close);
			throw ex;
		}
	}

	void release() {
		this.servers.forEach(Server::release);
	}

	/**
	 * Stop accepting, and reply to what has arrived.
	 * @return completed when all connections are closed
	 */
	CompletableFuture<Void> drain() {
		return CompletableFuture.allOf(this.servers.stream().map(Server::drain).toArray(CompletableFuture[]::new));
	}

	void abort() {
		this.servers.forEach(Server::abort);
	}

	private Stream<ServedConnection> served() {
		return this.servers.stream().flatMap((server) -> server.served().stream());
	}

	private Stream<Server> accepting() {
		return this.servers.stream().filter(Server::isAccepting);
	}

}
