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

package io.github.fdbroker.hold;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.autoconfigure.FdBrokerAutoConfiguration;

/**
 * The application that has to hold.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration(FdBrokerAutoConfiguration.class)
class HeldApplication {

	private final List<FileInputStream> files = new ArrayList<>();

	private final List<OwnedFd> held = new ArrayList<>();

	public static void main(String[] args) throws Exception {
		SpringApplication.run(HeldApplication.class, args);
		System.out.println("ready");
		Thread.currentThread().join();
	}

	@FdListener("stream")
	String handleStream(String payload, FdMessage message) throws IOException {
		return handle(payload, message);
	}

	@FdListener("brief")
	String handleBrief(String payload, FdMessage message) throws IOException {
		return handle(payload, message);
	}

	@FdListener("strangers")
	String handleStrangers(String payload, FdMessage message) throws IOException {
		return handle(payload, message);
	}

	@FdListener("seqpacket")
	String handleSeqpacket(String payload, FdMessage message) throws IOException {
		return handle(payload, message);
	}

	@FdListener("datagram")
	String handleDatagram(String payload, FdMessage message) throws IOException {
		return handle(payload, message);
	}

	private synchronized String handle(String payload, FdMessage message) throws IOException {
		String[] words = payload.split(" ");
		return switch (words[0]) {
			case "ask" -> payload + " [" + content(message.descriptors().get(0)) + "]";
			case "size" -> payload + " " + size(message.descriptors().get(0));
			case "hold" -> hold(message.descriptors());
			case "fill" -> fill(Integer.parseInt(words[1]));
			case "free" -> free();
			case "fail" -> throw new IllegalStateException("as wanted");
			default -> payload + " " + message.descriptors();
		};
	}

	private static String content(OwnedFd descriptor) throws IOException {
		// The offset of an open file description is shared.
		return Files.readString(Path.of("/dev/fd/" + descriptor.number()));
	}

	private static long size(OwnedFd descriptor) throws IOException {
		try (FileChannel channel = FileChannel.open(Path.of("/dev/fd/" + descriptor.number()),
				StandardOpenOption.READ)) {
			return channel.size();
		}
	}

	private String hold(List<OwnedFd> descriptors) {
		descriptors.forEach((descriptor) -> this.held.add(descriptor.dup()));
		return "held " + this.held.size();
	}

	private String fill(int left) throws IOException {
		try {
			while (true) {
				this.files.add(new FileInputStream("/dev/null"));
			}
		}
		catch (IOException ex) {
			for (int i = 0; i < left; i++) {
				this.files.remove(this.files.size() - 1).close();
			}
			return "full";
		}
	}

	private String free() throws IOException {
		for (FileInputStream file : this.files) {
			file.close();
		}
		this.files.clear();
		this.held.forEach(OwnedFd::close);
		this.held.clear();
		return "freed";
	}

}
