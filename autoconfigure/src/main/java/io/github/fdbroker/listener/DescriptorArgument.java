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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdHeaders;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;

/**
 * The argument for a parameter that takes descriptors.
 *
 * @param parameter the parameter
 * @param plan the assignment of descriptors to the parameters of the method
 */
record DescriptorArgument(DescriptorParameter parameter, DescriptorPlan plan) implements Argument {

	@Override
	public @Nullable Object resolve(Delivery delivery) {
		return this.parameter.isForSeveral() ? several(delivery) : this.parameter.wrap(single(delivery));
	}

	private @Nullable Object single(Delivery delivery) {
		OwnedFd descriptor = this.plan.single(this.parameter, delivery.message());
		if (descriptor != null) {
			return convert(descriptor, delivery);
		}
		if (this.parameter.isRequired()) {
			throw new FdConversionException(
					"%s expects a %s%s, but %s".formatted(this.parameter, this.parameter.type().getSimpleName(),
							(this.parameter.name() != null) ? " named '" + this.parameter.name() + "'" : "",
							instead(delivery.message())));
		}
		return null;
	}

	private Object several(Delivery delivery) {
		if (this.parameter.isMap()) {
			Map<String, Object> named = new LinkedHashMap<>();
			this.plan.named(delivery.message())
				.forEach((name, descriptor) -> named.put(name, convert(descriptor, delivery)));
			return Collections.unmodifiableMap(named);
		}
		List<Object> list = this.plan.rest(delivery.message())
			.stream()
			.map((descriptor) -> convert(descriptor, delivery))
			.toList();
		return this.parameter.isArray() ? list.toArray((Object[]) Array.newInstance(this.parameter.type(), 0)) : list;
	}

	private Object convert(OwnedFd descriptor, Delivery delivery) {
		return delivery.convert(descriptor, this.parameter.type(), this.parameter.isKept());
	}

	private static String instead(FdMessage message) {
		String status = message.headers().get(FdHeaders.ERROR_STATUS);
		if (status != null) {
			return "the peer sent the status " + status + ": " + message.text();
		}
		int count = message.descriptors().size();
		return (count == 0) ? "the message has none"
				: "the message has only " + count + ((count == 1) ? " descriptor" : " descriptors");
	}

}
