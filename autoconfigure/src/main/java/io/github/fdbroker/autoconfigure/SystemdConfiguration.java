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

package io.github.fdbroker.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.systemd.ActivatedDescriptors;

/**
 * What there is to do for an application that systemd starts.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "fdbroker.systemd.enabled", matchIfMissing = true)
class SystemdConfiguration {

	@Bean
	static ActivatedDescriptorBeans fdActivatedDescriptorBeans() {
		return new ActivatedDescriptorBeans(ActivatedDescriptors.ofProcess());
	}

	@Bean
	ActivatedDescriptors fdActivatedDescriptors(FdConverters converters) {
		return new ActivatedDescriptors(ActivatedDescriptors.ofProcess(), converters);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> fdUnclaimedDescriptorsListener(ActivatedDescriptors descriptors) {
		return (event) -> descriptors.closeUnclaimed();
	}

}
