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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;
import io.github.fdbroker.sample.page.PageProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tool prints and which code it ends with, against an application that listens.
 */
class FdctlTests {

	@TempDir
	Path directory;

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

	private String input = "";

	@Test
	void sendWhenListenerIsThereDeliversPayloadHeadersAndFiles() throws Exception {
		Path file = Files.writeString(this.directory.resolve("a=b"), "content");
		Lender lender = new Lender(this.directory);
		with(lender, () -> {
			this.input = "from standard input";
			assertThat(run("send", path(), "--payload", "-", "--header", "who=test", "log=" + file, file.toString()))
				.isZero();
			assertThat(this.output.toString()).isEqualTo("sent a message with 2 descriptors to " + path() + "\n");
			assertThat(lender.received.poll(20, TimeUnit.SECONDS))
				.isEqualTo("from standard input {who=test} log=content null=content");
		});
	}

	@Test
	void requestWhenFileComesWritesItAndOtherwiseThePayload() throws Exception {
		Files.writeString(this.directory.resolve("lent"), "the content");
		with(new Lender(this.directory), () -> {
			assertThat(run("request", path(), "--payload", "lent")).isZero();
			assertThat(this.output).hasToString("the content");
			this.output.reset();
			assertThat(run("request", path(), "--payload", "nothing")).isZero();
			assertThat(this.output).hasToString("nothing for you");
			assertThat(this.errors.toString()).isEmpty();
		});
	}

	@Test
	void requestWhenCommandIsGivenRunsItWithTheFileAndEndsWithItsCode() throws Exception {
		Files.writeString(this.directory.resolve("lent"), "for the command");
		Path copy = this.directory.resolve("copy");
		with(new Lender(this.directory), () -> {
			assertThat(run("request", path(), "--payload", "lent", "--", "sh", "-c", "cat > " + copy + "; exit 7"))
				.isEqualTo(7);
			assertThat(copy).hasContent("for the command");
			assertThat(run("request", path(), "--payload", "lent", "--", "/no/such/command")).isEqualTo(127);
			assertThat(this.errors.toString()).startsWith("fdctl: Cannot run program \"/no/such/command\"");
		});
	}

	@Test
	void requestWhenListenerRefusesSaysSoInOneLine() throws Exception {
		with(new Lender(this.directory), () -> {
			assertThat(run("request", path(), "--payload", "missing")).isOne();
			assertThat(this.errors.toString())
				.startsWith("fdctl: Peer 'fdctl' replied with java.io.FileNotFoundException: ")
				.hasLineCount(1);
			this.errors.reset();
			assertThat(run("request", path(), "--payload", "nothing", "--", "cat")).isOne();
			assertThat(this.errors.toString()).contains("the message carries 0").hasLineCount(1);
		});
	}

	@Test
	void describeWhenSocketComesTellsItsAddress() throws Exception {
		with(new Lender(this.directory), () -> {
			assertThat(run("describe", path(), "--payload", "listening")).isZero();
			assertThat(this.output.toString().lines()).satisfiesExactly(
					(line) -> assertThat(line).isEqualTo("message from " + path() + " with 0 bytes and 1 descriptors"),
					(line) -> assertThat(line)
						.matches("descriptor 0: a listening TCP socket, at /127\\.0\\.0\\.1:\\d+"));
		});
	}

	@Test
	void describeWhenTextWouldControlTerminalShowsItsCodes() throws Exception {
		with(new Lender(this.directory), () -> {
			assertThat(run("describe", path(), "--payload", "escape")).isZero();
			assertThat(this.output.toString()).contains("payload \\u001b[2J two\\u000alines\n");
		});
	}

	@Test
	void requestWhenServerIsOfNobodyExpectedIsRefused() throws Exception {
		with(new Lender(this.directory), () -> {
			assertThat(run("request", path(), "--uid", "4242")).isOne();
			assertThat(this.errors.toString()).contains("which is not expected, see --uid").hasLineCount(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "seqpacket", "datagram" })
	void toolWhenSocketKeepsMessagesSendsAndAsksByThem(String type) throws Exception {
		Files.writeString(this.directory.resolve("lent"), "the content");
		Lender lender = new Lender(this.directory);
		with(lender, () -> {
			assertThat(run("request", path(), "--type", type, "--payload", "lent")).isZero();
			assertThat(this.output).hasToString("the content");
			assertThat(lender.received.take()).isEqualTo("lent {}");
			assertThat(run("send", path(), "--type", type, "log=" + this.directory.resolve("lent"))).isZero();
			assertThat(lender.received.poll(20, TimeUnit.SECONDS)).isEqualTo(" {} log=the content");
			assertThat(run("request", path(), "--payload", "lent", "--timeout", "1s")).isEqualTo(3);
			assertThat(this.errors.toString()).contains("another type than STREAM").hasLineCount(1);
		}, "fdbroker.sockets.lender.type=" + type);
	}

	@Test
	void toolWhenNameIsAbstractNeedsItAllowed() throws Exception {
		String name = "@fdctl/" + ProcessHandle.current().pid();
		Files.writeString(this.directory.resolve("lent"), "the content");
		with(new Lender(this.directory), () -> {
			assertThat(run("request", name, "--payload", "lent")).isEqualTo(2);
			assertThat(this.errors.toString()).contains("it has no permissions", "allow-abstract-name=true")
				.hasLineCount(1);
			assertThat(run("request", name, "--payload", "lent", "--set", "allow-abstract-name=true")).isZero();
			assertThat(this.output).hasToString("the content");
		}, "fdbroker.sockets.lender.path=" + name, "fdbroker.sockets.lender.allow-abstract-name=true");
	}

	@Test
	void takeoverWhenApplicationRunsHasItReplacedByNewProcess() throws Exception {
		Path configuration = this.directory.resolve("more.properties");
		String control = this.directory.resolve("run/takeover").toString();
		try (PageProcess page = PageProcess.start(this.directory,
				"--spring.config.import=optional:file:" + configuration)) {
			page.address();
			assertThat(run("takeover", control)).isZero();
			assertThat(this.output.toString()).matches("process \\d+ serves\n");
			assertThat(page.awaitEndOfFirst()).isZero();
			Files.writeString(configuration, "spring.main.web-application-type=none of them");
			assertThat(run("takeover", control)).isOne();
			assertThat(this.errors.toString()).startsWith("fdctl: The new process does not take over: ")
				.hasLineCount(1);
		}
	}

	@Test
	void listenWhenSocketIsInUseSaysSo() throws Exception {
		with(new Lender(this.directory), () -> {
			assertThat(run("describe", "--listen", path())).isOne();
			assertThat(this.errors.toString()).contains(path()).hasLineCount(1);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			2 | frob                        | there is no 'frob'
			2 | send                        | the PATH of the socket is missing
			2 | send x --frob               | there is no option --frob
			2 | send x --payload            | --payload takes a value
			2 | send x --header who         | --header takes NAME=VALUE, not 'who'
			2 | send x --format morse       | --format is one of frame, raw
			2 | send x --type hole          | --type is one of stream, seqpacket, datagram
			2 | send x --set max-descriptor=5 | there is no property 'max-descriptor' of a peer
			2 | send x --timeout soon       | --timeout takes a time such as 500ms
			2 | send x /no/such/file        | /no/such/file (No such file or directory)
			2 | send x --set max-descriptors=999 | it must be from 0 to 253
			2 | send x --set max-descriptors=few | max-descriptors
			2 | send x -- cat               | only request does
			2 | request x --                | takes a COMMAND
			2 | request --listen x          | --listen is for describe
			3 | send x --timeout 1ms        | was not there within 1 ms
			3 | send x --set connect-timeout=1ms | was not there within 1 ms
			3 | takeover x --timeout 1ms    | was not there within 1 ms
			3 | describe --listen x --timeout 1ms | No message came within 1 ms
			""")
	void toolWhenItCannotDoItSaysWhyInOneLineAndEndsWithCode(int code, String line, String message) {
		String[] words = line.replace(" x", " " + this.directory.resolve("x")).split(" ");
		assertThat(run(words)).isEqualTo(code);
		assertThat(this.output.toString()).isEmpty();
		assertThat(this.errors.toString().lines().filter((error) -> !error.startsWith("fdctl: listening on")))
			.singleElement()
			.asString()
			.startsWith("fdctl: ")
			.contains(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "send --help", "request -h", "describe x --help" })
	void helpWhenAskedForShowsUsage(String line) {
		assertThat(run(line.split(" "))).isZero();
		assertThat(this.output.toString()).contains("usage: fdctl ", "Exit codes: 0 done", "frame, raw")
			.doesNotContain("%");
	}

	private int run(String... words) {
		return new Fdctl(new ByteArrayInputStream(this.input.getBytes()), new PrintStream(this.output),
				new PrintStream(this.errors))
			.run(List.of(words));
	}

	private String path() {
		return this.directory.resolve("socket").toString();
	}

	private void with(Lender lender, Use use, String... properties) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(FdBrokerAutoConfiguration.class))
			.withBean(Lender.class, () -> lender)
			.withPropertyValues("fdbroker.sockets.lender.path=" + path())
			.withPropertyValues(properties)
			.run((context) -> use.run());
	}

	/**
	 * What a test does.
	 */
	private interface Use {

		void run() throws Exception;

	}

	/**
	 * Replies according to the payload.
	 */
	static final class Lender {

		private final Path directory;

		private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

		Lender(Path directory) {
			this.directory = directory;
		}

		/**
		 * Reply.
		 */
		@FdListener("lender")
		Object lend(FdMessage message) throws IOException {
			StringBuilder text = new StringBuilder(message.text() + " " + message.headers());
			for (FdMessage.Attachment attachment : message.attachments()) {
				FileInputStream file = message.descriptor(message.attachments().indexOf(attachment))
					.into(FileInputStream.class);
				try (file) {
					text.append(" ").append(attachment.name()).append("=").append(new String(file.readAllBytes()));
				}
			}
			this.received.add(text.toString());
			return switch (message.text()) {
				case "nothing" -> "nothing for you";
				case "escape" -> "\u001b[2J two\nlines";
				case "listening" -> ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				default -> new FileInputStream(this.directory.resolve(message.text()).toFile());
			};
		}

	}

}
