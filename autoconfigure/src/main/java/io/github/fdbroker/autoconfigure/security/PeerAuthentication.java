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

package io.github.fdbroker.autoconfigure.security;

import org.springframework.security.authentication.AbstractAuthenticationToken;

import io.github.fdbroker.PeerCredentials;

/**
 * The sender of a message, whose credentials the kernel has reported.
 */
final class PeerAuthentication extends AbstractAuthenticationToken {

	private static final long serialVersionUID = 1;

	private final transient PeerCredentials peer;

	private final String user;

	PeerAuthentication(PeerCredentials peer, PeerAuthorities.Names names) {
		super(names.authorities());
		this.peer = peer;
		this.user = names.user();
		setAuthenticated(true);
	}

	@Override
	public Object getCredentials() {
		return "";
	}

	@Override
	public PeerCredentials getPrincipal() {
		return this.peer;
	}

	@Override
	public String getName() {
		return this.user;
	}

}
