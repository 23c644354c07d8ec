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

package io.github.fdbroker.systemd;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.socket.InheritedDescriptor;
import io.github.fdbroker.system.DescriptorInspector;

/**
 * A descriptor that the service manager passed to this process.
 *
 * @param name the name that the manager gave it, by {@code FileDescriptorName=} or
 * {@code FDNAME=}; several descriptors may have the same name
 * @param descriptor the descriptor
 */
public record ActivatedDescriptor(String name, InheritedDescriptor descriptor) {

	/**
	 * Return the kind of the descriptor, as the kernel reports it.
	 * @return the kind
	 * @throws IllegalStateException if the descriptor was detached or closed
	 */
	public FdKind kind() {
		return DescriptorInspector.inspect(this.descriptor.fileDescriptor());
	}

	@Override
	public String toString() {
		return "Activated descriptor %d '%s'".formatted(this.descriptor.number(), this.name);
	}

}
