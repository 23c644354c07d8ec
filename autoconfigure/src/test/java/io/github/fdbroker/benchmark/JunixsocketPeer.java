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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * junixsocket used directly, as its documentation shows, doing what the peer in C does.
 */
final class JunixsocketPeer {

	private static final int REQUEST_BYTES = 64;

	private JunixsocketPeer() {
	}

	/**
	 * Reply requests, in a process of its own.
	 */
	public static void main(String[] args) throws IOException {
		try (AFUNIXServerSocket server = AFUNIXServerSocket.bindOn(AFUNIXSocketAddress.of(Path.of(args[0])))) {
			System.out.println("ready");
			while (true) {
				AFUNIXSocket socket = server.accept();
				Thread thread = new Thread(() -> serve(socket));
				thread.setDaemon(true);
				thread.start();
			}
		}
	}

	static PeerProcess startServer(Path path) throws IOException {
		var command = Contenders.java(JunixsocketPeer.class);
		command.add(path.toString());
		PeerProcess server = PeerProcess.start(command);
		server.readLine();
		return server;
	}

	/**
	 * Send messages of 16 bytes with a descriptor each.
	 */
	static void send(Path path, int count) throws IOException {
		try (AFUNIXSocket socket = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path));
				FileInputStream file = new FileInputStream("/dev/null")) {
			byte[] payload = new byte[16];
			for (int i = 0; i < count; i++) {
				socket.setOutboundFileDescriptors(file.getFD());
				socket.getOutputStream().write(payload);
			}
		}
	}

	/**
	 * Send requests from several threads.
	 * @return the seconds, and the 99th percentile of a request in microseconds
	 */
	static double[] request(Path path, int count, int clients) throws Exception {
		double[] times = new double[count * clients];
		ExecutorService threads = Executors.newFixedThreadPool(clients);
		Callable<?>[] calls = new Callable<?>[clients];
		for (int i = 0; i < clients; i++) {
			int first = i * count;
			calls[i] = () -> {
				request(path, times, first, count);
				return null;
			};
		}
		long start = System.nanoTime();
		for (var done : threads
			.invokeAll(Arrays.asList(calls).stream().map((call) -> (Callable<Object>) call::call).toList())) {
			done.get();
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		threads.shutdown();
		Arrays.sort(times);
		return new double[] { seconds, times[(int) (times.length * 0.99)] };
	}

	private static void request(Path path, double[] times, int first, int count) throws IOException {
		try (AFUNIXSocket socket = AFUNIXSocket.connectTo(AFUNIXSocketAddress.of(path));
				FileInputStream file = new FileInputStream("/dev/null")) {
			socket.setAncillaryReceiveBufferSize(1024);
			byte[] payload = new byte[REQUEST_BYTES];
			for (int i = first; i < first + count; i++) {
				long start = System.nanoTime();
				socket.setOutboundFileDescriptors(file.getFD());
				socket.getOutputStream().write(payload);
				socket.getInputStream().read(payload);
				for (FileDescriptor descriptor : socket.getReceivedFileDescriptors()) {
					new FileInputStream(descriptor).close();
				}
				times[i] = (System.nanoTime() - start) / 1e3;
			}
		}
	}

	private static void serve(AFUNIXSocket accepted) {
		byte[] buffer = new byte[REQUEST_BYTES];
		try (AFUNIXSocket socket = accepted) {
			socket.setAncillaryReceiveBufferSize(1024);
			int count = socket.getInputStream().read(buffer);
			while (count >= 0) {
				FileDescriptor[] descriptors = socket.getReceivedFileDescriptors();
				socket.setOutboundFileDescriptors(descriptors);
				socket.getOutputStream().write(buffer, 0, count);
				for (FileDescriptor descriptor : descriptors) {
					new FileInputStream(descriptor).close();
				}
				count = socket.getInputStream().read(buffer);
			}
		}
		catch (IOException ex) {
			// The client is gone.
		}
	}

}
