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

import java.util.concurrent.FutureTask;

/**
 * What all transports have to do, a part in each of the interfaces that extend this one.
 * The tests of a transport implement them all.
 */
interface TransportContract {

	Transport transport();

	/**
	 * Start a thread that uses the transport.
	 */
	default Thread start(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/**
	 * Run what uses the transport of a class of tests, in a JVM that runs apart.
	 */
	static void run(String tests, Use use) throws Exception {
		TransportContract contract = (TransportContract) Class.forName(tests).getDeclaredConstructor().newInstance();
		FutureTask<Void> using = new FutureTask<>(() -> {
			use.accept(contract.transport());
			return null;
		});
		contract.start(using, "use");
		using.get();
	}

	/**
	 * What uses a transport.
	 */
	interface Use {

		/**
		 * Use it.
		 */
		void accept(Transport transport) throws Exception;

	}

}
