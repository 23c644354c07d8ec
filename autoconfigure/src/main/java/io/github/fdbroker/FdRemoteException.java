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
 * The reply of a peer to a request is an error. The request was delivered, and the
 * connection stays open.
 * <p>
 * If a listener method throws this exception, its status is sent to the requester. An
 * application that sends requests on behalf of its own peers so passes errors on.
 */
public final class FdRemoteException extends FdException {

	private final String type;

	private final int status;

	private final String text;

	/**
	 * Create an exception.
	 * @param peer the name of the peer that replied
	 * @param type the class of the error, as the peer names it
	 * @param status the status that the peer gave, 0 if none
	 * @param text the message of the error, as the peer gives it
	 */
	public FdRemoteException(String peer, String type, int status, String text) {
		super("Peer '" + peer + "' replied with " + type + ((status != 0) ? " (status " + status + ")" : "") + ": "
				+ text);
		this.type = type;
		this.status = status;
		this.text = text;
	}

	/**
	 * Return the class of the error as the peer names it, which need not exist here.
	 * @return the name of the class, or {@code an error} if the peer names none
	 */
	public String getType() {
		return this.type;
	}

	/**
	 * Return the status that the peer gave, as those of the format {@code apue} do.
	 * @return the status, from -255 to -1 in that format, or 0 if the peer gave none
	 */
	public int getStatus() {
		return this.status;
	}

	/**
	 * Return the message of the error as the peer gives it.
	 * @return the text, which may be empty
	 */
	public String getText() {
		return this.text;
	}

}
