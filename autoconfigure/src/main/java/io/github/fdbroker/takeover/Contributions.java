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

package io.github.fdbroker.takeover;

import java.util.Map;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.fdbroker.OutgoingFdMessage;

/**
 * What the application contributes to a take-over of this process.
 *
 * @param contributors returns the contributors by name
 */
record Contributions(Supplier<Map<String, TakeoverContributor>> contributors) {

	private static final Log logger = LogFactory.getLog(Contributions.class);

	/**
	 * Return the contribution of a contributor, or that there is none.
	 */
	OutgoingFdMessage contribute(String name) {
		TakeoverContributor contributor = this.contributors.get().get(name);
		OutgoingFdMessage contribution = (contributor != null) ? contribute(name, contributor) : null;
		return (contribution != null) ? contribution : ControlMessage.finished();
	}

	private static @Nullable OutgoingFdMessage contribute(String name, TakeoverContributor contributor) {
		try {
			return contributor.contribute();
		}
		catch (RuntimeException ex) {
			logger.error("Contributor '" + name + "' contributes nothing to the take-over", ex);
			return null;
		}
	}

}
