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

/**
 * The peer answered a request with an error. The request was delivered, and the
 * connection goes on.
 */
public final class FdRemoteException extends FdException {

	private final String type;

	/**
	 * Create an exception.
	 * @param peer the name of the peer that answered
	 * @param type the class of the error, as the peer names it
	 * @param message the message of the error, as the peer gives it
	 */
	public FdRemoteException(String peer, String type, String message) {
		super("Peer '" + peer + "' answered with " + type + ": " + message);
		this.type = type;
	}

	/**
	 * Return the class of the error as the peer names it, which need not be known here.
	 * @return the name of the class
	 */
	public String getType() {
		return this.type;
	}

}
