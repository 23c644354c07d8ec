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

package io.github.fdbroker;

/**
 * The parts of a message that is being built. For use by one thread.
 *
 * @param <S> the type that the parts are added to
 */
public interface MessageParts<S extends MessageParts<S>> {

	/**
	 * Set the payload.
	 * @param payload an object that a message converter supports: bytes, text, or an
	 * object that can be written as JSON
	 * @return this object
	 */
	S payload(Object payload);

	/**
	 * Set a header.
	 * @param name the name
	 * @param value the value, sent as its text
	 * @return this object
	 */
	S header(String name, Object value);

	/**
	 * Add a descriptor without a name.
	 * @param source an object that has a descriptor
	 * @return this object
	 */
	S descriptor(Object source);

	/**
	 * Add a descriptor with a name by which the receiver can select it.
	 * @param name the name
	 * @param source an object that has a descriptor
	 * @return this object
	 */
	S descriptor(String name, Object source);

	/**
	 * Set the payload, and add the headers and descriptors, of another message.
	 * @param message the message
	 * @return this object
	 */
	S message(OutgoingFdMessage message);

}
