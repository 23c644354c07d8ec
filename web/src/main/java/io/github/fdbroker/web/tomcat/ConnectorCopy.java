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

package io.github.fdbroker.web.tomcat;

import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SocketProperties;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;

/**
 * A connector of {@link AdoptingProtocol} with the settings of another one that has not
 * started. Tomcat cannot change the protocol of a connector.
 */
final class ConnectorCopy {

	/** These belong to the connector that they were made for; reading one makes it. */
	private static final Set<String> OWN = Set.of("adapter", "domain", "service", "utilityExecutor");

	private ConnectorCopy() {
	}

	static Connector of(Connector connector) {
		if (connector.getProtocolHandler() instanceof AdoptingProtocol) {
			return connector;
		}
		Connector copy = new Connector(AdoptingProtocol.class.getName());
		copySettings(connector, copy);
		copySettings(connector.getProtocolHandler(), copy.getProtocolHandler());
		copySocketSettings(connector, copy);
		for (UpgradeProtocol protocol : connector.findUpgradeProtocols()) {
			copy.addUpgradeProtocol(protocol);
		}
		for (SSLHostConfig tls : connector.findSslHostConfigs()) {
			copy.addSslHostConfig(tls);
		}
		for (LifecycleListener listener : connector.findLifecycleListeners()) {
			copy.addLifecycleListener(listener);
		}
		return copy;
	}

	/**
	 * Copy what differs, so that settings which nobody made are not made here either.
	 */
	private static void copySettings(Object from, Object to) {
		BeanWrapper source = PropertyAccessorFactory.forBeanPropertyAccess(from);
		BeanWrapper target = PropertyAccessorFactory.forBeanPropertyAccess(to);
		Arrays.stream(source.getPropertyDescriptors())
			.map(PropertyDescriptor::getName)
			.filter((name) -> !OWN.contains(name) && isSetting(source, name) && isSetting(target, name))
			.filter((name) -> !Objects.equals(source.getPropertyValue(name), target.getPropertyValue(name)))
			.forEach((name) -> target.setPropertyValue(name, source.getPropertyValue(name)));
	}

	private static boolean isSetting(BeanWrapper bean, String name) {
		return bean.isReadableProperty(name) && bean.isWritableProperty(name);
	}

	private static void copySocketSettings(Connector from, Connector to) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(SocketProperties.class)) {
			String name = "socket." + property.getName();
			Object value = from.getProperty(name);
			if (property.getWriteMethod() != null && value != null && !value.equals(to.getProperty(name))) {
				to.setProperty(name, value.toString());
			}
		}
	}

}
