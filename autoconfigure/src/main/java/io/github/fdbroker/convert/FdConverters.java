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

package io.github.fdbroker.convert;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdConversionException;
import io.github.fdbroker.FdKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.system.DescriptorConversion;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.DescriptorLeaks;

/**
 * The converters from descriptors to Java types, one for each type. Safe for use by
 * several threads.
 */
public final class FdConverters implements DescriptorConversion {

	private final Map<Class<?>, FdConverter<?>> converters = new HashMap<>();

	private final DescriptorLeaks leaks;

	/**
	 * Create the converters.
	 * @param additional converters that add to the built-in ones, or replace them
	 */
	public FdConverters(List<? extends FdConverter<?>> additional) {
		this(additional, DescriptorLeaks.UNWATCHED);
	}

	/**
	 * Create the converters.
	 * @param additional converters that add to the built-in ones, or replace them
	 * @param leaks watches the descriptors that the application has to close
	 */
	public FdConverters(List<? extends FdConverter<?>> additional, DescriptorLeaks leaks) {
		this.leaks = leaks;
		add(StreamConverters.all());
		add(FileConverters.all());
		add(SocketConverters.all());
		add(additional);
	}

	private void add(List<? extends FdConverter<?>> additional) {
		additional.forEach((converter) -> this.converters.put(converter.type(), converter));
	}

	/**
	 * Whether descriptors can be converted to a type.
	 * @param type the type
	 * @return {@code true} for {@link OwnedFd} and each type with a converter
	 */
	public boolean supports(Class<?> type) {
		return type == OwnedFd.class || this.converters.containsKey(type);
	}

	/**
	 * Take ownership of a descriptor.
	 * @param descriptor the descriptor
	 * @return its owner
	 */
	public OwnedFd adopt(FileDescriptor descriptor) {
		return new DescriptorHandle(descriptor).convertibleBy(this);
	}

	/**
	 * Return the conversion of descriptors that come from somewhere.
	 * @param origin the connection or peer, for reports of leaks
	 * @return the conversion
	 */
	public DescriptorConversion from(String origin) {
		return new ConversionFrom(this, origin);
	}

	/**
	 * Watch whether the application closes a descriptor.
	 * @param descriptor its owner
	 * @param origin the connection or peer that it came from
	 */
	public void watch(DescriptorHandle descriptor, String origin) {
		this.leaks.watch(descriptor, origin);
	}

	@Override
	public void escaped(DescriptorHandle descriptor) {
		watch(descriptor, "this process");
	}

	@Override
	public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
		try {
			T result = type.cast(converter(type).convert(descriptor, kind));
			Assert.state(result != null, "'result' of a converter must not be null");
			return result;
		}
		catch (IOException ex) {
			throw new FdConversionException(
					"%s cannot be converted to %s: %s".formatted(kind, type.getSimpleName(), ex.getMessage()), ex);
		}
	}

	private FdConverter<?> converter(Class<?> type) {
		@Nullable FdConverter<?> converter = this.converters.get(type);
		if (converter == null) {
			throw new FdConversionException("No converter turns a descriptor into " + type.getName() + "; there are: "
					+ this.converters.keySet()
						.stream()
						.map(Class::getSimpleName)
						.collect(Collectors.toCollection(TreeSet::new)));
		}
		return converter;
	}

	/**
	 * The conversion of descriptors that come from one place.
	 *
	 * @param converters the converters
	 * @param origin the connection or peer
	 */
	private record ConversionFrom(FdConverters converters, String origin) implements DescriptorConversion {

		@Override
		public <T> T convert(FileDescriptor descriptor, FdKind kind, Class<T> type) {
			return this.converters.convert(descriptor, kind, type);
		}

		@Override
		public void escaped(DescriptorHandle descriptor) {
			this.converters.watch(descriptor, this.origin);
		}

	}

}
