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

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The kind of threads that serve connections, one thread per connection.
 */
public enum ConnectionThreads {

	/** Platform threads, which are reused for other connections within a minute. */
	PLATFORM(60) {

		@Override
		ThreadFactory factory(String prefix) {
			return new CustomizableThreadFactory(prefix);
		}

	},

	/** Virtual threads (Java 21). */
	VIRTUAL(0) {

		@Override
		ThreadFactory factory(String prefix) {
			return new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory();
		}

	};

	private final int idleSeconds;

	ConnectionThreads(int idleSeconds) {
		this.idleSeconds = idleSeconds;
	}

	/**
	 * Return an executor whose threads share a name prefix, to be shut down by the
	 * caller.
	 */
	ExecutorService named(String prefix) {
		return new ThreadPoolExecutor(0, Integer.MAX_VALUE, this.idleSeconds, TimeUnit.SECONDS,
				new SynchronousQueue<>(), factory(prefix));
	}

	abstract ThreadFactory factory(String prefix);

}
