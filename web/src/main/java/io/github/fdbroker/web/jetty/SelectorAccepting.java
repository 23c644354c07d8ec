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

package io.github.fdbroker.web.jetty;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.web.ListeningSocket;

/**
 * The selectors of a connector without acceptor threads accept. Their interest in the
 * channel is switched, in their own threads.
 */
final class SelectorAccepting implements Accepting, SelectorManager.AcceptListener, LifeCycle.Listener {

	private static final long TIMEOUT_SECONDS = 5;

	private final ServerConnector connector;

	private final ListeningSocket socket;

	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable ServerSocketChannel channel;

	private volatile @Nullable CountDownLatch started;

	SelectorAccepting(ServerConnector connector, ListeningSocket socket) {
		this.connector = connector;
		this.socket = socket;
	}

	@Override
	public void open() throws IOException {
		this.started = this.socket.isHeld() ? new CountDownLatch(1) : null;
		ServerSocketChannel channel = this.socket.open();
		this.channel = channel;
		Accepting.open(this.connector, channel);
	}

	/**
	 * A connector that has started has the channel registered, and then the selectors
	 * accept at once. Those of one that is held wait until their interest is removed.
	 */
	@Override
	public void lifeCycleStarted(LifeCycle event) {
		CountDownLatch started = this.started;
		if (started != null && event instanceof SelectorManager) {
			selectors().forEach((selector) -> selector.submit((running) -> await(started)));
		}
		else if (started != null && event == this.connector) {
			CountDownLatch switched = accept(false);
			started.countDown();
			await(switched);
		}
	}

	@Override
	public void lifeCycleFailure(LifeCycle event, Throwable cause) {
		CountDownLatch started = this.started;
		if (started != null) {
			started.countDown();
		}
	}

	@Override
	public void start() {
		await(accept(true));
	}

	@Override
	public void stop() {
		await(accept(false));
	}

	private CountDownLatch accept(boolean accepting) {
		Collection<ManagedSelector> selectors = selectors();
		CountDownLatch switched = new CountDownLatch(selectors.size());
		selectors.forEach((selector) -> selector.submit((running) -> {
			accept(running, accepting);
			switched.countDown();
		}));
		return switched;
	}

	private void accept(Selector selector, boolean accepting) {
		ServerSocketChannel channel = this.channel;
		SelectionKey key = (channel != null) ? channel.keyFor(selector) : null;
		if (key != null && key.isValid()) {
			key.interestOps(accepting ? SelectionKey.OP_ACCEPT : 0);
		}
	}

	private Collection<ManagedSelector> selectors() {
		return this.connector.getSelectorManager().getBeans(ManagedSelector.class);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public int pending() {
		return Math.max(0, this.pending.get());
	}

	@Override
	public void onAccepting(SelectableChannel channel) {
		this.pending.incrementAndGet();
	}

	@Override
	public void onAccepted(SelectableChannel channel) {
		this.pending.decrementAndGet();
	}

	@Override
	public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
		this.pending.decrementAndGet();
	}

}
