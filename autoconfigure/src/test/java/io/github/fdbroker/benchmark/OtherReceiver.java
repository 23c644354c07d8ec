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

package io.github.fdbroker.benchmark;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Other ways to receive descriptors, each used as its documentation shows. Each closes
 * the connection at its end.
 *
 * @param path where it listens
 * @param end what ends it
 */
record OtherReceiver(Path path, AutoCloseable end) implements AutoCloseable {

	private static final int JUNIXSOCKET_DESCRIPTORS = 60;

	/**
	 * Start those who can receive a number of descriptors in one message.
	 */
	static Map<String, OtherReceiver> all(Path directory, int descriptors) throws Exception {
		Map<String, OtherReceiver> all = new LinkedHashMap<>();
		if (descriptors > JUNIXSOCKET_DESCRIPTORS) {
			return all;
		}
		if (descriptors > 1) {
			all.put("junixsocket", junixsocket(directory.resolve("junixsocket")));
			return all;
		}
		all.put("python", python(directory.resolve("python")));
		all.put("netty", netty(directory.resolve("netty")));
		all.put("junixsocket", junixsocket(directory.resolve("junixsocket")));
		return all;
	}

	private static OtherReceiver python(Path path) throws IOException {
		PeerProcess process = PeerProcess.start(List.of("python3", "src/test/peers/bench.py", path.toString()));
		process.readLine();
		return new OtherReceiver(path, process);
	}

	private static OtherReceiver netty(Path path) throws InterruptedException {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
		new ServerBootstrap().group(group)
			.channel(EpollServerDomainSocketChannel.class)
			.childOption(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
			.childHandler(new ChannelInitializer<DomainSocketChannel>() {

				@Override
				protected void initChannel(DomainSocketChannel channel) {
					channel.pipeline().addLast(new Closer());
				}

			})
			.bind(new DomainSocketAddress(path.toFile()))
			.sync();
		return new OtherReceiver(path, group::shutdownGracefully);
	}

	private static OtherReceiver junixsocket(Path path) throws IOException {
		AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(path));
		Thread thread = new Thread(() -> receive(server), "junixsocket");
		thread.setDaemon(true);
		thread.start();
		return new OtherReceiver(path, server);
	}

	private static void receive(AFUNIXServerSocket server) {
		byte[] buffer = new byte[65536];
		while (!server.isClosed()) {
			try (AFUNIXSocket socket = server.accept()) {
				socket.setAncillaryReceiveBufferSize(1024);
				InputStream input = socket.getInputStream();
				while (input.read(buffer) >= 0) {
					for (FileDescriptor descriptor : socket.getReceivedFileDescriptors()) {
						new FileInputStream(descriptor).close();
					}
				}
			}
			catch (IOException ex) {
				// The server is closed.
			}
		}
	}

	@Override
	public void close() throws Exception {
		this.end.close();
	}

	/**
	 * Closes what it is given.
	 */
	private static final class Closer extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
			((io.netty.channel.unix.FileDescriptor) message).close();
		}

	}

}
