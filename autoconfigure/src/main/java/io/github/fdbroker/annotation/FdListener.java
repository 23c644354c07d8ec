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
 * {@code fdbroker.sockets}, or of the child processes of one name.
 * <p>
 * The method may have the following parameters, in any order and number:
 * <ul>
 * <li>parameters for descriptors: {@link io.github.fdbroker.OwnedFd},
 * {@link java.io.FileDescriptor}, streams, channels, and every other type for which a
 * converter exists. They receive the descriptors in the order in which they were sent. An
 * array or {@code List} receives the remaining descriptors, and an {@code Optional} is
 * empty if there is none. {@link Fd @Fd} selects one by its name.</li>
 * <li>{@link io.github.fdbroker.FdMessage}, {@link io.github.fdbroker.FdSender} and
 * {@link io.github.fdbroker.PeerCredentials},</li>
 * <li>parameters that spring-messaging supports:
 * {@link org.springframework.messaging.handler.annotation.Payload @Payload} (also without
 * the annotation),
 * {@link org.springframework.messaging.handler.annotation.Header @Header} and
 * others.</li>
 * </ul>
 * Each descriptor that was passed to the method is closed when the method returns, or
 * when the future or publisher that it returned completes, unless the method took
 * ownership of it ({@link io.github.fdbroker.OwnedFd#detach},
 * {@link io.github.fdbroker.OwnedFd#into}, {@link Fd#keep @Fd(keep = true)}).
 * <p>
 * The return value is sent to the requester. It may be a payload, an object that has a
 * descriptor, an {@code OutgoingFdMessage}, a received message, which is forwarded, or a
 * future or publisher of one of these. The listener container owns a descriptor that is
 * returned and closes it once it is sent.
 * <p>
 * An exception is passed to a
 * {@link org.springframework.messaging.handler.annotation.MessageExceptionHandler @MessageExceptionHandler}
 * method of the same bean or, if there is none, to the
 * {@link io.github.fdbroker.FdListenerErrorHandler}. By default, the requester receives
 * the class and message of the exception.
 * <p>
 * The application fails to start if a parameter cannot be resolved from any message, or
 * if one message could be for two methods.
 * <p>
 * Each connection is served by one thread, in order; several connections call the method
 * at the same time. So is each child process. All messages of a datagram socket are
 * served by one thread; the return value is sent to the address of the sender
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
	 * @return the name, or empty if {@link #child} is set
	 */
	String value() default "";

	/**
	 * The name of the children, as in {@code FdChildren.start(name, ...)}, whose messages
	 * the method receives in place of the messages of a socket. Placeholders are
	 * resolved.
	 * @return the name, or empty
	 */
	String child() default "";

	/**
	 * Conditions on the headers of a message, all of which must hold: {@code name=value},
	 * {@code name!=value}, {@code name} or {@code !name}. Placeholders are resolved.
	 * Several methods may serve one socket if no message meets the conditions of two of
	 * them, or if their payloads are of different classes.
	 * @return the conditions
	 */
	String[] headers() default {};

}
