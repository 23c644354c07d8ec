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

package io.github.fdbroker.web;

import java.util.List;

import io.github.fdbroker.OwnedFd;

/**
 * Connections of a web server that can move to the server of another process while they
 * wait for their next request. Their clients notice nothing.
 */
public interface MovableConnections {

	/**
	 * Set whether connections will be taken out of this server after
	 * {@link ServingConnector#stopAccepting()}. The connections that can move are kept
	 * for further requests then, and do not end with their next response. Connections
	 * that cannot move end as before. This method may be called at any time.
	 * @param move {@code true} if {@link #takeIdle} will be called until no connection is
	 * left
	 */
	void letIdleMove(boolean move);

	/**
	 * Take connections that wait for their next request out of this server. From then on
	 * this process neither reads from them nor writes to them, and its closing them sends
	 * nothing to their clients. What a client has sent meanwhile is still unread.
	 * Connections whose response is finished later are returned by later calls.
	 * @param max how many connections to take at most
	 * @return the connections, which the caller has to close after they were sent, or to
	 * put back by {@link #adopt}
	 * @throws io.github.fdbroker.FdLimitException if the process can open no more
	 * descriptors; every connection is still served by this server then
	 */
	List<OwnedFd> takeIdle(int max);

	/**
	 * Serve a connection that waits for its next request. It counts as one of the
	 * connections of this server, even if there are more than allowed then; its
	 * keep-alive timeout begins now. A connection that its client has ended meanwhile is
	 * closed.
	 * @param connection the connection; its descriptor belongs to the server from now on,
	 * and is closed if this fails
	 * @throws io.github.fdbroker.FdConversionException if it is no TCP connection
	 * @throws io.github.fdbroker.FdConfigurationException if this server cannot serve
	 * such connections, or the channels of this Java runtime are not accessible
	 * @throws IllegalStateException if the server is not running
	 */
	void adopt(OwnedFd connection);

}
