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

package demo;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

import io.github.fdbroker.FdBroker;
import io.github.fdbroker.FdMessage;
import io.github.fdbroker.FdSender;
import io.github.fdbroker.OwnedFd;
import io.github.fdbroker.PeerCredentials;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.annotation.Fd;
import io.github.fdbroker.annotation.FdListener;
import io.github.fdbroker.convert.DescriptorFactory;

@Component
public class Desk {

	private final FdBroker broker;

	private final DescriptorFactory factory;

	Desk(FdBroker broker, DescriptorFactory factory) {
		this.broker = broker;
		this.factory = factory;
	}

	record Order(String title) {

	}

	@FdListener(value = "desk", headers = "op=copy")
	Map<String, String> copy(@Fd("original") SeekableByteChannel original, Map<String, InputStream> others,
			@Payload Order order) throws IOException {
		Map<String, String> contents = new TreeMap<>();
		ByteBuffer start = ByteBuffer.allocate(7);
		original.position(0).read(start);
		contents.put(order.title(), new String(start.array()));
		for (Map.Entry<String, InputStream> other : others.entrySet()) {
			contents.put(other.getKey(), new String(other.getValue().readAllBytes()));
		}
		return contents;
	}

	@FdListener(value = "desk", headers = "op=all")
	String all(FdMessage message, FdSender sender, PeerCredentials peer, Message<?> spring, byte[] payload,
			@Header("title") String title, @Headers Map<String, Object> headers, @Fd("first") FileChannel first,
			@Fd("missing") Optional<FileInputStream> missing, FileDescriptor[] others)
			throws IOException {
		return "%s: %d bytes, %d descriptors, %b %b %b, %s, %d, %b, %d".formatted(title, payload.length,
				message.descriptors().size(), peer.equals(sender.credentials()), spring.getPayload() == payload,
				headers.containsKey("title"), SecurityContextHolder.getContext().getAuthentication().getName(), first.size(), missing.isPresent(), others.length);
	}

	@FdListener(value = "desk", headers = "op=kinds")
	List<String> kinds(Collection<OwnedFd> all) {
		List<String> kinds = new ArrayList<>();
		all.forEach((each) -> kinds.add(each.kind().toString()));
		return kinds;
	}

	@FdListener(value = "desk", headers = "op=port")
	String port(DatagramSocket socket) {
		return String.valueOf(socket.getLocalPort());
	}

	@FdListener(value = "desk", headers = "op=make")
	Map<String, Object> make() throws IOException {
		DescriptorFactory.Pipe pipe = this.factory.pipe();
		DescriptorFactory.SocketPair pair = this.factory.socketPair(SocketType.STREAM);
		pipe.sink().close();
		pair.second().close();
		return Map.of("pipe", pipe.source(), "socket", pair.first(), "memory",
				this.factory.sealedMemory("made", "sealed".getBytes()));
	}

	@FdListener(value = "desk", headers = "op=directory")
	Path directory() {
		return Path.of("src");
	}

	@FdListener(value = "desk", headers = "op=admin")
	@PreAuthorize("hasAuthority('UID_0')")
	String administer() {
		return "administered";
	}

	@FdListener("plain")
	String plain(String payload, FileInputStream file) throws IOException {
		return payload + " " + file.readAllBytes().length;
	}

	@FdListener(value = "desk", headers = "op=lose")
	void lose(@Fd(keep = true) OwnedFd descriptor) {
	}

	String archive(Object... sources) {
		return this.broker.to("archive").payload("archive").descriptor(List.of(sources)).requestPayload(String.class);
	}

}
