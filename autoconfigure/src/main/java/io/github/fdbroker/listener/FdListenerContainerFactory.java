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

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

import org.springframework.util.ClassUtils;

import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.FdListenerErrorHandler;
import io.github.fdbroker.FdMessageHandler;
import io.github.fdbroker.wire.Correlation;
import io.github.fdbroker.wire.DescriptorDemand;
import io.github.fdbroker.wire.Format;

/**
 * Creates containers, with the settings of their sockets, and the routes to their
 * handlers.
 */
public final class FdListenerContainerFactory {

	private final Map<String, SocketSettings> sockets;

	private final Function<String, SocketSettings> children;

	private final ContainerServices services;

	private final ListenerMethodFactory methods;

	private final FdListenerErrorHandler errorHandler;

	/**
	 * Create a factory.
	 * @param sockets the settings of all sockets, by name
	 * @param children returns the settings of the children of a name
	 * @param services the services that the containers share
	 * @param methods prepares listener methods
	 * @param errorHandler handles failures of listeners
	 */
	public FdListenerContainerFactory(Map<String, SocketSettings> sockets, Function<String, SocketSettings> children,
			ContainerServices services, ListenerMethodFactory methods, FdListenerErrorHandler errorHandler) {
		this.sockets = Map.copyOf(sockets);
		this.children = children;
		this.services = services;
		this.methods = methods;
		this.errorHandler = errorHandler;
	}

	/**
	 * Create a container without a handler.
	 * @param socket the name of the socket
	 * @param handler the description of its first handler
	 * @throws FdConfigurationException if no socket of that name is configured
	 */
	FdListenerContainer container(String socket, Route handler) {
		SocketSettings settings = this.sockets.get(socket);
		if (settings == null) {
			throw new FdConfigurationException(
					"Listener %s names the socket '%s', which is not configured".formatted(handler, socket),
					"Set fdbroker.sockets.%s.path, or name one of the sockets that are configured: %s".formatted(socket,
							this.sockets.isEmpty() ? "none" : new TreeSet<>(this.sockets.keySet())));
		}
		return new FdListenerContainer(new Routes(settings), this.services, this.errorHandler);
	}

	/**
	 * Create the routes of the children of a name, without a handler.
	 */
	Routes childRoutes(String name) {
		return new Routes(this.children.apply(name));
	}

	/**
	 * Create the object that passes the messages of one child to handlers.
	 */
	MessageHandling handling(Routes routes) {
		return new MessageHandling(ListenerContext.of(routes, this.errorHandler, this.services));
	}

	/**
	 * Create the route to a listener method.
	 * @throws FdConfigurationException if no message can fill one of its parameters
	 */
	Route route(FdListenerEndpoint endpoint) {
		ListenerMethod method = this.methods.create(endpoint.bean(), endpoint.method());
		return new Route(endpoint.toString(), endpoint.headers(), method.payloadType(), method);
	}

	/**
	 * Create the route to a handler.
	 */
	Route route(String socket, FdMessageHandler handler) {
		SocketSettings settings = this.sockets.get(socket);
		return route((settings != null) ? settings.format() : Format.FRAME, handler);
	}

	/**
	 * In formats that assign replies by order, requests have no descriptors.
	 */
	static Route route(Format format, FdMessageHandler handler) {
		DescriptorDemand demand = (format.wireFormat().replies() == Correlation.BY_ORDER)
				? DescriptorDemand.TAKES_NO_DESCRIPTOR : DescriptorDemand.TAKES_DESCRIPTORS;
		return new Route(ClassUtils.getShortName(handler.getClass()), List.of(), "",
				new RegisteredHandler(handler, demand));
	}

}
