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

package io.github.fdbroker.wire;

/**
 * The formats that a socket or peer can be configured to use.
 */
public enum Format {

	/**
	 * Messages with kind, correlation, headers and named descriptors, as described in the
	 * reference page on the wire format.
	 */
	FRAME(new FrameFormat()),

	/**
	 * Payloads and descriptors without headers, for peers that do not use this library.
	 */
	RAW(new RawFormat()),

	/**
	 * The protocol of {@code send_fd}, {@code send_err} and {@code recv_fd}, and of the
	 * open servers that use them, known from "Advanced Programming in the UNIX
	 * Environment".
	 */
	APUE(new ApueFormat());

	private final WireFormat wireFormat;

	Format(WireFormat wireFormat) {
		this.wireFormat = wireFormat;
	}

	/**
	 * Return the implementation of the format.
	 * @return the format
	 */
	public WireFormat wireFormat() {
		return this.wireFormat;
	}

}
