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

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.convert.FdConverters;

/**
 * Resolves parameters of the types that descriptors convert to, and arrays and lists of
 * them.
 */
final class DescriptorArgumentResolver implements HandlerMethodArgumentResolver {

	private final FdConverters converters;

	private final Map<MethodParameter, Target> targets = new ConcurrentHashMap<>();

	DescriptorArgumentResolver(FdConverters converters) {
		this.converters = converters;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return new DescriptorParameter(parameter).isFor(this.converters);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Target target = this.targets.computeIfAbsent(parameter, this::target);
		Delivery delivery = ReceivedHeaders.delivery(message.getHeaders());
		return target.parameter().isForSeveral() ? several(target.parameter(), target.plan(), delivery)
				: single(target.parameter(), target.plan(), delivery);
	}

	private Target target(MethodParameter parameter) {
		return new Target(new DescriptorParameter(parameter),
				new DescriptorPlan((Method) parameter.getExecutable(), this.converters));
	}

	private @Nullable Object single(DescriptorParameter target, DescriptorPlan plan, Delivery delivery) {
		OwnedFd descriptor = plan.single(target, delivery.message());
		if (descriptor == null && target.isRequired()) {
			throw new FdConversionException("%s wants a %s%s, but %s".formatted(target, target.type().getSimpleName(),
					(target.name() != null) ? " named '" + target.name() + "'" : "", instead(delivery.message())));
		}
		return (descriptor != null) ? delivery.give(descriptor, target.type(), target.isKept()) : null;
	}

	private static String instead(FdMessage message) {
		String status = message.headers().get(FdHeaders.ERROR_STATUS);
		return (status != null) ? "the peer sent the status " + status + ": " + message.text()
				: "the message has only " + message.attachments().size() + " descriptors";
	}

	private static Object several(DescriptorParameter target, DescriptorPlan plan, Delivery delivery) {
		List<Object> list = plan.rest(delivery.message())
			.stream()
			.<Object>map((descriptor) -> delivery.give(descriptor, target.type(), target.isKept()))
			.toList();
		return target.isArray() ? list.toArray((Object[]) Array.newInstance(target.type(), 0)) : list;
	}

	/**
	 * What is known of a parameter.
	 *
	 * @param parameter the parameter
	 * @param plan which descriptors go to which parameters of its method
	 */
	private record Target(DescriptorParameter parameter, DescriptorPlan plan) {

	}

}
