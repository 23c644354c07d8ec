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

/**
 * The source of the credentials that authorize a peer on a connection-oriented socket.
 */
public enum CredentialsSource {

	/** The credentials of the process that connected ({@code SO_PEERCRED}). */
	CONNECTION,

	/**
	 * The credentials that the kernel attaches to each message ({@code SCM_CREDENTIALS}).
	 * The sender need not be the process that connected.
	 */
	MESSAGE

}
