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

package io.github.fdbroker.web.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

import io.github.fdbroker.systemd.ActivatedDescriptors;

/**
 * Matches if a property names a descriptor that was passed to this process, and nothing
 * disables that.
 */
class OnGivenSocketCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		String property = metadata.getAnnotations().get(ConditionalOnGivenSocket.class).getString("value");
		Environment environment = context.getEnvironment();
		String name = environment.getProperty(property, "");
		if (isTakeover(environment)) {
			return ConditionOutcome.match("take-overs are enabled");
		}
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnGivenSocket.class, property);
		return isActivated(name, environment) ? ConditionOutcome.match(message.found("descriptor").items(name))
				: ConditionOutcome.noMatch(message.didNotFind("descriptor").items(name));
	}

	static boolean isActivated(String name, Environment environment) {
		return isEnabled(environment, "fdbroker.enabled") && isEnabled(environment, "fdbroker.systemd.enabled")
				&& ActivatedDescriptors.ofProcess().stream().anyMatch((descriptor) -> descriptor.name().equals(name));
	}

	private static boolean isTakeover(Environment environment) {
		return isEnabled(environment, "fdbroker.enabled")
				&& environment.getProperty("fdbroker.takeover.enabled", Boolean.class, false);
	}

	private static boolean isEnabled(Environment environment, String property) {
		return environment.getProperty(property, Boolean.class, true);
	}

}
