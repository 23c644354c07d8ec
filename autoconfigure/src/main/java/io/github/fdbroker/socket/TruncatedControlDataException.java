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

package io.github.fdbroker.socket;

import java.io.IOException;

/**
 * The kernel could not deliver all descriptors of a message ({@code MSG_CTRUNC}, see
 * recvmsg(2)): there were more than fit into a message, or this process can open no more.
 */
public final class TruncatedControlDataException extends IOException {

	TruncatedControlDataException(int arrived) {
		super("descriptors were lost on the way: %d came, and the system could install no more (RLIMIT_NOFILE)"
			.formatted(arrived));
	}

}
