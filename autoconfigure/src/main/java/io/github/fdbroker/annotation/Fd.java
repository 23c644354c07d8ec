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
 * Configures a listener method parameter that receives a descriptor.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Fd {

	/**
	 * The name that the sender gave the descriptor. Without a name, the parameter
	 * receives the next descriptor that no other parameter selects by name.
	 * @return the name, or empty
	 */
	String value() default "";

	/**
	 * Whether the method keeps the descriptor. A descriptor that is kept is not closed
	 * when the method returns; the method is responsible for closing it.
	 * @return {@code true} to keep it
	 */
	boolean keep() default false;

	/**
	 * Whether a message without this descriptor is rejected. Otherwise the argument is
	 * {@code null}.
	 * @return {@code false} if the descriptor is optional
	 */
	boolean required() default true;

}
