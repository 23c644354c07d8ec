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

package io.github.fdbroker.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method that receives the messages of a socket configured under
 * {@code fdbroker.sockets}.
 * <p>
 * The method may have, in any order and number:
 * <ul>
 * <li>parameters for descriptors: {@link io.github.fdbroker.OwnedFd},
 * {@link java.io.FileDescriptor}, streams, channels, and whatever else a converter exists
 * for. They get the descriptors in the order in which these were sent; an array or
 * {@code List} gets those that are left, and an {@code Optional} does without.
 * {@link Fd @Fd} picks one by its name.</li>
 * <li>{@link io.github.fdbroker.FdMessage}, {@link io.github.fdbroker.FdSender} and
 * {@link io.github.fdbroker.PeerCredentials},</li>
 * <li>what spring-messaging knows:
 * {@link org.springframework.messaging.handler.annotation.Payload @Payload} (also without
 * the annotation),
 * {@link org.springframework.messaging.handler.annotation.Header @Header} and
 * others.</li>
 * </ul>
 * Whatever descriptor the method was given is closed when it returns, or when the future
 * or publisher it returned completes, unless it was taken
 * ({@link io.github.fdbroker.OwnedFd#detach}, {@link io.github.fdbroker.OwnedFd#into},
 * {@link Fd#keep @Fd(keep = true)}).
 * <p>
 * What it returns goes back to a requester: a payload, something that has a descriptor,
 * an {@code OutgoingFdMessage}, a received message, which is sent on, or a future or
 * publisher of one of these. A descriptor that is returned is given away: it is closed
 * here once it was sent.
 * <p>
 * An exception goes to a
 * {@link org.springframework.messaging.handler.annotation.MessageExceptionHandler @MessageExceptionHandler}
 * method of the same bean, else to the {@link io.github.fdbroker.FdListenerErrorHandler},
 * else back as its class and message.
 * <p>
 * A parameter that no message can fill, and two methods that one message may be for, keep
 * the application from starting.
 * <p>
 * Each connection is served by one thread, in order; several connections call the method
 * at the same time. All messages of a datagram socket are served by one thread; what the
 * method returns goes to the address of the sender
 * ({@link io.github.fdbroker.FdHeaders#SENDER_ADDRESS}), if it has one.
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface FdListener {

	/**
	 * The name of the socket, as in {@code fdbroker.sockets.<name>}. Placeholders are
	 * resolved.
	 * @return the name
	 */
	String value();

	/**
	 * Conditions on the headers of a message, all of which it has to meet:
	 * {@code name=value}, {@code name!=value}, {@code name} or {@code !name}.
	 * Placeholders are resolved. Several methods may serve one socket if no message meets
	 * the conditions of two of them, or if their payloads are of different classes.
	 * @return the conditions
	 */
	String[] headers() default {};

}
