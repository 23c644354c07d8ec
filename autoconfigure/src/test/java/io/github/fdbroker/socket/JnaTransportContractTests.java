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

package io.github.fdbroker.socket;

import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import io.github.fdbroker.system.LibcBinding;
import io.github.fdbroker.system.NativeCalls;

/**
 * Tests for {@link NativeTransport} by JNA where the foreign-function API is preferred.
 */
@EnabledForJreRange(min = JRE.JAVA_22)
class JnaTransportContractTests implements DescriptorPassingContract, BackPressureContract, ConnectionEndContract,
		DescriptorLimitContract, MessageBoundaryContract {

	@Override
	public Transport transport() {
		return new NativeTransport(new NativeCalls(LibcBinding.JNA.bind()));
	}

}
