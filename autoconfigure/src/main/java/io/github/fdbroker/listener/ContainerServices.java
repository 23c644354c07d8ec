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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdEvent;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.socket.Transport;

/**
 * The services that all containers share.
 *
 * @param transport the transport for bytes and descriptors
 * @param converters the converters from descriptors to Java types
 * @param composer prepares replies for sending
 * @param heldDescriptors the quota of received descriptors
 * @param closer closes refused connections and messages
 * @param threads the kind of threads that serve connections
 * @param advice surrounds the calls of handlers, or {@code null}
 * @param events receives what happens on the sockets
 */
public record ContainerServices(Transport transport, FdConverters converters, MessageComposer composer,
		DescriptorQuota heldDescriptors, Closer closer, ConnectionThreads threads, @Nullable CallAdvice advice,
		Consumer<FdEvent> events) {

}
