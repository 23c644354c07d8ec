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

package io.github.fdbroker.web.netty;

import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import reactor.netty.resources.LoopResources;

import org.springframework.http.client.ReactorResourceFactory;

import io.github.fdbroker.web.ListeningSocket;

/**
 * The event loops of an application, with channels of a listening socket that comes from
 * outside.
 */
final class AdoptingResources extends ReactorResourceFactory {

	private final ReactorResourceFactory delegate;

	private final ListeningSocket socket;

	/** Connections that were accepted, and whose pipeline is not made yet. */
	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable AdoptingLoops loops;

	AdoptingResources(ReactorResourceFactory delegate, ListeningSocket socket) {
		this.delegate = delegate;
		this.socket = socket;
	}

	@Override
	public LoopResources getLoopResources() {
		AdoptingLoops loops = new AdoptingLoops(this.delegate.getLoopResources(), this.socket, this.pending);
		this.loops = loops;
		return loops;
	}

	int pending() {
		return this.pending.get();
	}

	void registered() {
		this.pending.decrementAndGet();
	}

	void closeChannel() {
		AdoptingLoops loops = this.loops;
		if (loops != null) {
			loops.closeChannel();
		}
	}

}
