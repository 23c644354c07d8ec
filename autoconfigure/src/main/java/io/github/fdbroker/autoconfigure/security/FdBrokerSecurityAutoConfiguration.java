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

package io.github.fdbroker.autoconfigure.security;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;

import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.listener.FdListenerRegistry;
import io.github.fdbroker.security.UserDatabase;

/**
 * Auto-configuration of the sender of a message as the authentication of a listener call.
 */
@AutoConfiguration(after = FdBrokerAutoConfiguration.class)
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnBean(FdListenerRegistry.class)
public final class FdBrokerSecurityAutoConfiguration {

	@Bean
	@Order(1)
	SenderAuthentication fdSenderAuthentication() {
		return new SenderAuthentication(new PeerAuthorities(new UserDatabase(), PeerAuthorities.MAX_AGE));
	}

}
