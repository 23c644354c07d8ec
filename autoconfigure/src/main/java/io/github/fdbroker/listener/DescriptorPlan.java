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

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdMessage.Attachment;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.wire.DescriptorDemand;

/**
 * Assigns the descriptors of a message to the parameters of a method: first those
 * selected by name, then the others in the order in which they were sent, then the rest.
 */
final class DescriptorPlan {

	private final Set<String> names = new HashSet<>();

	private final List<Integer> singles = new ArrayList<>();

	private boolean takesRest;

	private boolean needsNames;

	private DescriptorDemand demand = DescriptorDemand.TAKES_NO_DESCRIPTOR;

	/**
	 * Return whether the method takes or needs descriptors.
	 */
	DescriptorDemand demand() {
		return this.demand;
	}

	/**
	 * Return whether a parameter gets descriptors by their names only.
	 */
	boolean needsNames() {
		return this.needsNames;
	}

	/**
	 * Add a parameter.
	 * @throws IllegalArgumentException if another parameter takes the same descriptors
	 */
	void add(DescriptorParameter parameter) {
		if (parameter.isRequired() && !parameter.isForSeveral()) {
			this.demand = DescriptorDemand.NEEDS_DESCRIPTOR;
		}
		else if (this.demand == DescriptorDemand.TAKES_NO_DESCRIPTOR) {
			this.demand = DescriptorDemand.TAKES_DESCRIPTORS;
		}
		this.needsNames |= parameter.name() != null || parameter.isMap();
		if (parameter.isForSeveral()) {
			Assert.isTrue(parameter.name() == null, "it takes several descriptors, but @Fd names one");
			Assert.isTrue(!this.takesRest, "another parameter takes all remaining descriptors");
			this.takesRest = true;
		}
		else if (parameter.name() == null) {
			this.singles.add(parameter.index());
		}
		else {
			Assert.isTrue(this.names.add(parameter.name()), "another parameter takes the descriptor of that name");
		}
	}

	/**
	 * Return the descriptor for a parameter that takes one.
	 * @return the descriptor, or {@code null} if the message has none for it
	 */
	@Nullable OwnedFd single(DescriptorParameter parameter, FdMessage message) {
		if (parameter.name() != null) {
			return message.descriptor(parameter.name()).orElse(null);
		}
		int position = this.singles.indexOf(parameter.index());
		if (this.names.isEmpty()) {
			return (position < message.descriptors().size()) ? message.descriptor(position) : null;
		}
		List<OwnedFd> unnamed = unnamed(message);
		return (position < unnamed.size()) ? unnamed.get(position) : null;
	}

	/**
	 * Return the descriptors that have a name by which no parameter selects one.
	 * @return the first descriptor of each name, in the order in which they were sent
	 */
	Map<String, OwnedFd> named(FdMessage message) {
		Map<String, OwnedFd> named = new LinkedHashMap<>();
		for (Attachment attachment : message.attachments()) {
			if (attachment.name() != null && !this.names.contains(attachment.name())) {
				named.putIfAbsent(attachment.name(), attachment.descriptor());
			}
		}
		return named;
	}

	/**
	 * Return the descriptors that no parameter for a single descriptor takes.
	 */
	List<OwnedFd> rest(FdMessage message) {
		List<OwnedFd> unnamed = unnamed(message);
		return unnamed.subList(Math.min(this.singles.size(), unnamed.size()), unnamed.size());
	}

	private List<OwnedFd> unnamed(FdMessage message) {
		if (this.names.isEmpty()) {
			return message.descriptors();
		}
		Set<String> open = new HashSet<>(this.names);
		List<OwnedFd> descriptors = message.descriptors();
		List<OwnedFd> unnamed = new ArrayList<>();
		for (int i = 0; i < descriptors.size(); i++) {
			Attachment attachment = message.attachments().get(i);
			// Only the first of several with the same name was selected.
			if (attachment.name() == null || !open.remove(attachment.name())) {
				unnamed.add(descriptors.get(i));
			}
		}
		return unnamed;
	}

}
