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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;

/**
 * Surrounds the calls of handlers, for instance to observe or to authenticate them. Safe
 * for use by several threads.
 */
@FunctionalInterface
public interface CallAdvice {

	/**
	 * Begin a call. The thread is the one that calls the handler.
	 * @param socket the name of the socket or child for metrics, see
	 * {@link SocketSettings#group()}
	 * @param listener the name of the handler
	 * @param incoming the message
	 * @return the call, or {@code null} if this call is not advised
	 */
	@Nullable Call begin(String socket, String listener, Incoming incoming);

	/**
	 * Combine several.
	 * @param advice the advice, the outermost first
	 * @return one advice, or {@code null} if there is none
	 */
	static @Nullable CallAdvice all(List<CallAdvice> advice) {
		return switch (advice.size()) {
			case 0 -> null;
			case 1 -> advice.get(0);
			default -> (socket, listener, incoming) -> Calls.begin(advice, socket, listener, incoming);
		};
	}

	/**
	 * A message that a handler is called with.
	 *
	 * @param message the message, which is not closed
	 * @param sender the sender
	 * @param isRequest whether the sender waits for a reply; {@code false} also in
	 * formats that do not tell
	 */
	record Incoming(FdMessage message, FdSender sender, boolean isRequest) {
	}

	/**
	 * A call of a handler.
	 */
	interface Call {

		/**
		 * The handler has returned or thrown an exception. Its result may be pending.
		 * Called on the thread that began the call.
		 */
		void returned();

		/**
		 * The call has ended: its reply was sent or failed. Called once, on any thread.
		 * @param failure why the handler failed, or {@code null}
		 */
		void ended(@Nullable Throwable failure);

	}

	/**
	 * A call with several pieces of advice.
	 *
	 * @param calls the calls, the outermost first
	 */
	record Calls(List<Call> calls) implements Call {

		static Calls begin(List<CallAdvice> advice, String socket, String listener, Incoming incoming) {
			List<Call> begun = new ArrayList<>();
			try {
				for (CallAdvice each : advice) {
					Call call = each.begin(socket, listener, incoming);
					if (call != null) {
						begun.add(call);
					}
				}
				return new Calls(begun);
			}
			catch (RuntimeException | Error ex) {
				Calls calls = new Calls(begun);
				calls.returned();
				calls.ended(ex);
				throw ex;
			}
		}

		@Override
		public void returned() {
			innermostFirst(this.calls.size() - 1, Call::returned);
		}

		@Override
		public void ended(@Nullable Throwable failure) {
			innermostFirst(this.calls.size() - 1, (call) -> call.ended(failure));
		}

		/**
		 * The outer calls are informed even if an inner one throws an exception.
		 */
		private void innermostFirst(int last, Consumer<Call> action) {
			if (last >= 0) {
				try {
					action.accept(this.calls.get(last));
				}
				finally {
					innermostFirst(last - 1, action);
				}
			}
		}

	}

}
