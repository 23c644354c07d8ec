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

import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

import io.github.fdbroker.FdKind;
import io.github.fdbroker.FdKind.Access;
import io.github.fdbroker.FdKind.Family;
import io.github.fdbroker.FdKind.SocketKind;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.systemd.ActivatedDescriptor;
import io.github.fdbroker.systemd.ActivatedDescriptors;

/**
 * Registers beans for what the service manager passed: for each descriptor an
 * {@link OwnedFd}, and an object of the channel type that suits it, both with its name as
 * their qualifier. The beans are lazy, because creating one takes the descriptor. They
 * are candidates only for injection points with the qualifier.
 */
class ActivatedDescriptorBeans implements BeanDefinitionRegistryPostProcessor {

	private final List<ActivatedDescriptor> descriptors;

	ActivatedDescriptorBeans(List<ActivatedDescriptor> descriptors) {
		this.descriptors = descriptors;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		// The beans are registered later, once a bean factory can provide the converters.
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (ActivatedDescriptor descriptor : this.descriptors) {
			if (descriptor.descriptor().isAvailable()) {
				Class<?> type = channelType(descriptor.kind());
				register(descriptor, OwnedFd.class, beanFactory);
				if (type != null) {
					register(descriptor, type, beanFactory);
				}
			}
		}
	}

	private static <T> void register(ActivatedDescriptor descriptor, Class<T> type,
			ConfigurableListableBeanFactory beanFactory) {
		RootBeanDefinition definition = new RootBeanDefinition(type,
				() -> beanFactory.getBean(ActivatedDescriptors.class).take(descriptor, type));
		definition.setLazyInit(true);
		definition.setDefaultCandidate(false);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, descriptor.name()));
		((BeanDefinitionRegistry) beanFactory).registerBeanDefinition(
				"fdActivated" + descriptor.descriptor().number() + type.getSimpleName(), definition);
	}

	private static @Nullable Class<?> channelType(FdKind kind) {
		return switch (kind.type()) {
			case FILE, CHARACTER_DEVICE, BLOCK_DEVICE -> FileChannel.class;
			case PIPE -> (kind.access() == Access.WRITE) ? Pipe.SinkChannel.class : Pipe.SourceChannel.class;
			case SOCKET -> (kind.socket() != null) ? channelType(kind.socket()) : null;
			default -> null;
		};
	}

	private static @Nullable Class<?> channelType(SocketKind socket) {
		if (socket.type() == SocketType.STREAM) {
			return socket.listening() ? ServerSocketChannel.class : SocketChannel.class;
		}
		return (socket.type() == SocketType.DATAGRAM && socket.family() != Family.UNIX) ? DatagramChannel.class : null;
	}

}
