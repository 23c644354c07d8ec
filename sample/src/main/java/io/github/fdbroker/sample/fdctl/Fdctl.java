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

package io.github.fdbroker.sample.fdctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.LogFactory;

import org.springframework.beans.BeansException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.fdbroker.FdAccessDeniedException;
import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdConnectException;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSession;
import io.github.fdbroker.FdTimeoutException;
import io.github.fdbroker.OutgoingFdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.autoconfigure.StandaloneBroker;
import io.github.fdbroker.socket.ChildProcess;
import io.github.fdbroker.takeover.Takeover;

/**
 * Sends files to sockets, requests files, and describes messages, from the command line.
 */
public final class Fdctl {

	private static final int REFUSED = 1;

	private static final int USAGE = 2;

	private static final int NOT_THERE = 3;

	private static final int NOT_RUN = 127;

	private final InputStream input;

	private final PrintStream output;

	private final PrintStream errors;

	Fdctl(InputStream input, PrintStream output, PrintStream errors) {
		this.input = input;
		this.output = output;
		this.errors = errors;
	}

	/**
	 * Run the tool.
	 * @param arguments what to do; see {@code --help}
	 */
	public static void main(String[] arguments) {
		PrintStream output = System.out;
		// Log lines are not results.
		System.setOut(System.err);
		if (!List.of(arguments).contains("--listen")) {
			logNothing();
		}
		int exitCode = new Fdctl(System.in, output, System.err).run(List.of(arguments));
		output.flush();
		System.exit(exitCode);
	}

	/**
	 * Failures are printed, and starting a logging system would take as long as
	 * everything else.
	 */
	private static void logNothing() {
		System.setProperty(LogFactory.FACTORY_PROPERTY, "org.apache.commons.logging.impl.LogFactoryImpl");
		System.setProperty("org.apache.commons.logging.Log", "org.apache.commons.logging.impl.NoOpLog");
	}

	int run(List<String> words) {
		try {
			if (words.isEmpty() || words.get(0).equals("--help") || words.get(0).equals("-h")) {
				this.output.print(Subcommand.overview());
				return words.isEmpty() ? USAGE : 0;
			}
			Subcommand subcommand = Subcommand.of(words.get(0));
			Arguments arguments = Arguments.parse(words.subList(1, words.size()));
			if (arguments.isHelp()) {
				this.output.print(subcommand.help());
				return 0;
			}
			return run(subcommand, arguments);
		}
		catch (Exception ex) {
			return failed(ex);
		}
	}

	private int run(Subcommand subcommand, Arguments arguments) throws Exception {
		if (arguments.command() != null && (subcommand != Subcommand.REQUEST || arguments.command().isEmpty())) {
			throw new UsageException("-- takes a COMMAND, and only request does");
		}
		if (arguments.isListen()) {
			return listen(subcommand, arguments);
		}
		arguments.path();
		try (Outgoing outgoing = Outgoing.open(arguments, this.input);
				StandaloneBroker standalone = Library.withPeer(arguments, subcommand.timeout())) {
			FdBroker broker = standalone.broker();
			return switch (subcommand) {
				case SEND -> send(broker, outgoing.message(), arguments);
				case REQUEST -> request(broker, outgoing.message(), arguments);
				case DESCRIBE -> describe(broker, outgoing.message(), arguments);
				case TAKEOVER -> takeOver(broker);
			};
		}
	}

	private int send(FdBroker broker, OutgoingFdMessage message, Arguments arguments) {
		broker.to(Library.NAME).message(message).send();
		this.output
			.println("sent a message with " + message.attachments().size() + " descriptors to " + arguments.path());
		return 0;
	}

	private int request(FdBroker broker, OutgoingFdMessage message, Arguments arguments) throws Exception {
		try (FdMessage reply = broker.to(Library.NAME).message(message).request()) {
			if (arguments.command() != null) {
				return execute(arguments.command(), reply.descriptor(0));
			}
			if (reply.attachments().isEmpty()) {
				this.output.write((byte[]) reply.payload());
			}
			else {
				try (InputStream content = reply.descriptor(0).into(InputStream.class)) {
					content.transferTo(this.output);
				}
			}
			return 0;
		}
	}

	private int describe(FdBroker broker, OutgoingFdMessage message, Arguments arguments) {
		try (FdMessage reply = broker.to(Library.NAME).message(message).request()) {
			Description.of(reply, "from " + arguments.path()).forEach(this.output::println);
			return 0;
		}
	}

	private int takeOver(FdBroker broker) {
		try (FdSession control = broker.connect(Library.NAME)) {
			this.output.println(Takeover.start(control));
			return 0;
		}
	}

	private int listen(Subcommand subcommand, Arguments arguments) throws Exception {
		if (subcommand != Subcommand.DESCRIBE || !arguments.files().isEmpty() || arguments.payload() != null) {
			throw new UsageException("--listen is for describe, and takes nothing to send");
		}
		Duration timeout = Objects.requireNonNullElse(arguments.timeout(), Duration.ofSeconds(Long.MAX_VALUE));
		try (ConfigurableApplicationContext context = Library.withSocket(arguments)) {
			this.errors.println("fdctl: listening on " + arguments.path());
			context.getBean(FirstMessage.class)
				.description()
				.get(TimeUnit.MILLISECONDS.convert(timeout), TimeUnit.MILLISECONDS)
				.forEach(this.output::println);
			return 0;
		}
		catch (TimeoutException ex) {
			throw new FdTimeoutException("No message came within " + timeout.toMillis() + " ms");
		}
	}

	/**
	 * The command has the descriptor as its standard input, and inherits everything else
	 * from this process.
	 */
	private int execute(List<String> command, OwnedFd descriptor) throws InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
		try {
			return ChildProcess.start(builder, descriptor.fileDescriptor()).waitFor();
		}
		catch (IOException ex) {
			this.errors.println("fdctl: " + ex.getMessage());
			return NOT_RUN;
		}
	}

	private int failed(Throwable failure) {
		Throwable cause = unwrap(failure);
		String message = String.valueOf(cause.getMessage()).replaceAll("\\R", " ");
		if (cause instanceof FdAccessDeniedException) {
			message = message.replaceAll(", see fdbroker.*", ", see --uid");
		}
		this.errors.println("fdctl: " + message);
		return exitCode(cause);
	}

	private static int exitCode(Throwable cause) {
		if (cause instanceof UsageException || cause instanceof BindException
				|| cause instanceof InvalidConfigurationPropertyValueException) {
			return USAGE;
		}
		return (cause instanceof FdConnectException || cause instanceof FdTimeoutException) ? NOT_THERE : REFUSED;
	}

	/**
	 * Leave out the exceptions that only name the bean that could not be created.
	 */
	private static Throwable unwrap(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null && (cause instanceof BeansException
				|| cause instanceof ApplicationContextException || cause instanceof ExecutionException)) {
			cause = cause.getCause();
		}
		return cause;
	}

}
