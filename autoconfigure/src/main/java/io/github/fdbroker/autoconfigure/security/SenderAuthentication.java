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

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.listener.CallAdvice;

/**
 * Makes the sender of a message the authentication of the thread that calls the listener.
 * Without known credentials there is no authentication.
 *
 * @param authorities finds the authorities of a sender
 */
record SenderAuthentication(PeerAuthorities authorities) implements CallAdvice {

	@Override
	public Call begin(String socket, String listener, Incoming incoming) {
		SecurityContext before = SecurityContextHolder.getContext();
		SecurityContext context = SecurityContextHolder.createEmptyContext();
		PeerCredentials peer = incoming.sender().credentials();
		if (peer != null) {
			context.setAuthentication(new PeerAuthentication(peer, this.authorities.of(peer)));
		}
		SecurityContextHolder.setContext(context);
		return new AuthenticatedCall(before);
	}

	/**
	 * A call with an authentication.
	 *
	 * @param before the context of the thread before the call
	 */
	private record AuthenticatedCall(SecurityContext before) implements Call {

		@Override
		public void returned() {
			if (this.before.getAuthentication() == null) {
				SecurityContextHolder.clearContext();
			}
			else {
				SecurityContextHolder.setContext(this.before);
			}
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			// The authentication ended when the handler returned.
		}

	}

}
