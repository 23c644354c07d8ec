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

/**
 * Says more about a parameter that gets a descriptor.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Fd {

	/**
	 * The name of the descriptor, as its sender gave it. Without one, the parameter gets
	 * the next descriptor that no other parameter asks for by name.
	 * @return the name, or empty
	 */
	String value() default "";

	/**
	 * Whether the method keeps the descriptor: it is then not closed when the method
	 * returns, and the method has to see to it.
	 * @return {@code true} to keep it
	 */
	boolean keep() default false;

	/**
	 * Whether the message is refused if it does not bring this descriptor. Otherwise the
	 * parameter is {@code null}.
	 * @return {@code false} if the descriptor is optional
	 */
	boolean required() default true;

}
