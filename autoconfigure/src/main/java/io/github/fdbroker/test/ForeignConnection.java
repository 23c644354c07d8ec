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

package io.github.fdbroker.test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.opentest4j.TestAbortedException;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.MessageSpec;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.child.FdChild;
import io.github.fdbroker.child.FdChildren;
import io.github.fdbroker.system.Descriptors;

/**
 * A connection of a process of another user, which sends and receives for this one.
 */
final class ForeignConnection implements TestConnection {

	private static final int RESTRICTED_NATIVE_ACCESS = 22;

	private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));

	private final EmbeddedBroker broker;

	private final FdChild child;

	ForeignConnection(SocketProperties properties, long uid) {
		List<String> command = command(properties.values(), uid);
		this.broker = properties.start();
		try {
			this.child = this.broker.bean(FdChildren.class)
				.start("client", new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.redirectError(ProcessBuilder.Redirect.INHERIT));
		}
		catch (RuntimeException | Error ex) {
			this.broker.close();
			throw ex;
		}
	}

	@Override
	public FdTestResult request(OutgoingFdMessage message) {
		return call(RelayedCall.REQUEST, message);
	}

	@Override
	public void send(OutgoingFdMessage message) {
		FdTestResult result = call(RelayedCall.SEND, message);
		if (result.failure() != null) {
			throw result.failure();
		}
		result.close();
	}

	@Override
	public FdTestResult receive(Duration timeout) {
		return call(RelayedCall.RECEIVE,
				OutgoingFdMessage.builder().header(RelayedCall.TIMEOUT, timeout.toMillis()).build());
	}

	@Override
	public void close() {
		this.child.close();
		this.child.process().destroy();
		this.child.process().onExit().join();
		this.broker.close();
	}

	private FdTestResult call(RelayedCall call, OutgoingFdMessage message) {
		MessageSpec request = this.child.message().message(message).header(RelayedCall.CALL, call);
		FdMessage reply = request.timeout(Duration.ofSeconds(30)).request();
		return RelayedCall.result(reply);
	}

	private static List<String> command(Map<String, Object> properties, long uid) {
		if (Descriptors.self().uid() != 0 || SETPRIV.stream().noneMatch(Files::isExecutable)) {
			throw new TestAbortedException("only the superuser can connect as another user, and with setpriv");
		}
		List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups",
				"--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"));
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
		if (Runtime.version().feature() >= RESTRICTED_NATIVE_ACCESS) {
			command.add("--enable-native-access=ALL-UNNAMED");
		}
		command.add(RelayProcess.class.getName());
		properties.forEach((name, value) -> command.add(name + "=" + value));
		return command;
	}

}
