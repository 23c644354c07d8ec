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

import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.messaging.converter.ByteArrayMessageConverter;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConfigurationException;
import io.github.fdbroker.broker.DefaultFdBroker;
import io.github.fdbroker.broker.Messenger;
import io.github.fdbroker.broker.WaitingDescriptors;
import io.github.fdbroker.convert.FdConverters;
import io.github.fdbroker.convert.FdSources;
import io.github.fdbroker.convert.MessageComposer;
import io.github.fdbroker.socket.Transport;

/**
 * A broker without an application context, for programs that send a few messages and end.
 * Payloads are bytes or text.
 *
 * @param broker the broker, usable until this is closed
 * @param connections what closing this closes
 */
public record StandaloneBroker(FdBroker broker, AutoCloseable connections) implements AutoCloseable {

	/**
	 * Create a broker.
	 * @param properties the properties below {@code fdbroker}, with that prefix
	 * @return the broker, to be closed by the caller
	 * @throws BindException if a property has no value of its type
	 * @throws FdConfigurationException if the transport cannot be used here
	 */
	public static StandaloneBroker of(Map<String, ?> properties) {
		FdBrokerProperties bound = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("fdbroker",
				FdBrokerProperties.class);
		Transport transport = bound.transport().select();
		PropertiesSettings settings = new PropertiesSettings(bound, null, null, false);
		MessageComposer composer = new MessageComposer(new ByteArrayMessageConverter(), new FdSources(List.of()));
		DefaultFdBroker broker = new DefaultFdBroker(settings.peers(), PropertiesPeer::unnamed, transport,
				new Messenger(composer, new FdConverters(List.of()), null), WaitingDescriptors.ofProcess());
		return new StandaloneBroker(broker, broker::destroy);
	}

	/**
	 * Close all connections.
	 */
	@Override
	public void close() throws Exception {
		this.connections.close();
	}

}
