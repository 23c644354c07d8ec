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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * A listener method with the resolvers of its arguments.
 */
final class ListenerMethod extends InvocableHandlerMethod implements DeliveryHandler {

	private final Argument[] arguments;

	private final DescriptorPlan plan;

	private final @Nullable ExceptionMethods exceptions;

	ListenerMethod(Object bean, Method method, List<Argument> arguments, DescriptorPlan plan,
			@Nullable ExceptionMethods exceptions) {
		super(bean, method);
		this.arguments = arguments.toArray(new Argument[0]);
		this.plan = plan;
		this.exceptions = exceptions;
	}

	/**
	 * Return the simple name of the class that the payload is converted to, empty for
	 * bytes, text or none.
	 */
	String payloadType() {
		return Arrays.stream(this.arguments)
			.map((argument) -> (argument instanceof SpringArgument spring) ? spring.payloadType() : "")
			.filter((type) -> !type.isEmpty())
			.findFirst()
			.orElse("");
	}

	@Override
	public DescriptorDemand demand() {
		return this.plan.demand();
	}

	@Override
	public boolean needsNames() {
		return this.plan.needsNames();
	}

	@Override
	public boolean needsCredentials() {
		return Arrays.asList(getMethod().getParameterTypes()).contains(PeerCredentials.class);
	}

	/**
	 * Call the method. The delivery owns the objects created from descriptors until all
	 * arguments are resolved.
	 */
	@Override
	public @Nullable Object handle(Delivery delivery) throws Exception {
		@Nullable Object[] values = new Object[this.arguments.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.arguments[i].resolve(delivery);
		}
		delivery.detachKept();
		return doInvoke(values);
	}

	@Override
	public @Nullable Object recover(Delivery delivery, Throwable failure) throws Throwable {
		if (this.exceptions == null) {
			throw failure;
		}
		return this.exceptions.handle(delivery, failure);
	}

}
