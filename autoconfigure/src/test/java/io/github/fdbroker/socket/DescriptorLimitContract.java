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

package io.github.fdbroker.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdLimitException;
import io.github.fdbroker.SocketType;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.system.Errno;
import io.github.fdbroker.system.Kernel;
import io.github.fdbroker.test.FdLedger;
import io.github.fdbroker.testsupport.ChildJvm;
import io.github.fdbroker.testsupport.OtherUser;
import io.github.fdbroker.testsupport.Peers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the system can take no more descriptors that is told, none is left behind, and
 * all is well again once there is room.
 */
interface DescriptorLimitContract extends TransportContract {

	int TABLE = 200;

	int SENT = 16;

	@Test
	default void receiveWhenTableIsFullThrowsAndClosesWhatTheKernelInstalled() {
		String output = Peers.run(ChildJvm.withTable(TABLE, ChildJvm.command(FullTable.class, getClass().getName())))
			.output();
		assertThat(output).contains("15 free: 15 came", "5 free: 5 came", "1 free: 1 came", "0 free: 0 came")
			.contains("accept: Too many open files")
			.contains("duplicate: FdLimitException")
			.contains("room again: 16 received")
			.contains("left open: 0");
	}

	@Test
	default void sendWhenTooManyAreOnTheirWayThrowsAndWorksOnceTheyAreTaken() {
		List<String> command = ChildJvm.withTable(TABLE, ChildJvm.command(TooManyInFlight.class, getClass().getName()));
		assertThat(Peers.run(OtherUser.command(command)).output()).contains("refused: FdLimitException")
			.contains("after taking some: sent")
			.contains("all arrived: true");
	}

	/**
	 * Receives with few numbers free.
	 */
	final class FullTable {

		private FullTable() {
		}

		public static void main(String[] arguments) throws Exception {
			TransportContract.run(arguments[0], FullTable::run);
		}

		private static void run(Transport transport) throws IOException {
			// A full table has no room for reading classes.
			new TruncatedControlDataException(1);
			Received.of(List.of());
			refused(() -> Descriptors.duplicate(new FileDescriptor()));
			receive(transport, SENT);
			int before = FdLedger.open().size();
			for (int free : new int[] { 15, 5, 1, 0 }) {
				System.out.println(free + " free: " + receiveWith(transport, free));
			}
			FileDescriptor listening = Kernel.calls().socket(SocketType.STREAM);
			System.out
				.println("accept: " + refusedWhenFull(() -> Descriptors.accept(listening), "Too many open files"));
			System.out.println("duplicate: " + refusedWhenFull(
					() -> Descriptors.close(Descriptors.duplicate(FileDescriptor.out)), "FdLimitException"));
			Descriptors.close(listening);
			System.out.println("room again: " + receive(transport, SENT));
			System.out.println("left open: " + (FdLedger.open().size() - before));
		}

		/**
		 * The Java runtime opens and closes files of its own, and so may have more or
		 * fewer numbers left than were left to it: then once more.
		 */
		private static String receiveWith(Transport transport, int free) throws IOException {
			String result = receive(transport, free);
			for (int i = 0; i < 10 && !result.equals(free + " came"); i++) {
				result = receive(transport, free);
			}
			return result;
		}

		private static String receive(Transport transport, int free) throws IOException {
			try (MessageSocketPair pair = MessageSocketPair.open(transport)) {
				pair.sender().send(MessageSocketPair.bytes("x"), Collections.nCopies(SENT, FileDescriptor.out));
				List<FileDescriptor> hogs = fill(free);
				try {
					Received received = pair.receiver().receive(ByteBuffer.allocateDirect(10));
					received.close();
					return received.descriptors().size() + " received";
				}
				catch (TruncatedControlDataException ex) {
					return ex.getMessage().replaceAll(".*: ([0-9]+ came).*", "$1");
				}
				finally {
					Descriptors.close(hogs);
				}
			}
		}

		private static List<FileDescriptor> fill(int free) throws IOException {
			List<FileDescriptor> hogs = new ArrayList<>();
			try {
				while (true) {
					hogs.add(Descriptors.duplicate(FileDescriptor.out));
				}
			}
			catch (FdLimitException ex) {
				Descriptors.close(new ArrayList<>(hogs.subList(0, free)));
				hogs.subList(0, free).clear();
			}
			return hogs;
		}

		private static String refusedWhenFull(Call call, String expected) throws IOException {
			String result = "";
			for (int i = 0; i < 10 && !result.equals(expected); i++) {
				List<FileDescriptor> hogs = fill(0);
				result = refused(call);
				Descriptors.close(hogs);
			}
			return result;
		}

		private static String refused(Call call) {
			try {
				call.run();
				return "not refused";
			}
			catch (IOException ex) {
				return Errno.isTableFull(ex) ? "Too many open files" : ex.toString();
			}
			catch (FdLimitException ex) {
				return ex.getClass().getSimpleName();
			}
		}

		/**
		 * Something that needs a free number.
		 */
		private interface Call {

			void run() throws IOException;

		}

	}

	/**
	 * Sends more than a user without privileges may have on their way.
	 */
	final class TooManyInFlight {

		private TooManyInFlight() {
		}

		public static void main(String[] arguments) throws Exception {
			TransportContract.run(arguments[0], TooManyInFlight::run);
		}

		private static void run(Transport transport) throws IOException {
			FileDescriptor[] ends = Kernel.calls().socketPair(SocketType.STREAM);
			FdConnection sender = FdConnection.of("test", ends[0], transport,
					MessageSocketSettings.stream(Duration.ZERO));
			MessageSocket receiver = transport.messageSocket(ends[1], Duration.ZERO);
			int sent = 0;
			try {
				while (true) {
					send(sender);
					sent++;
				}
			}
			catch (FdLimitException ex) {
				System.out.println("refused: " + ex.getClass().getSimpleName());
			}
			int arrived = receive(receiver) + receive(receiver);
			send(sender);
			System.out.println("after taking some: sent");
			sender.close();
			for (int count = receive(receiver); count > 0; count = receive(receiver)) {
				arrived += count;
			}
			System.out.println("all arrived: " + (arrived == (sent + 1) * SENT));
			receiver.close();
		}

		private static void send(FdConnection sender) {
			sender.send(MessageSocketPair.bytes("x"), Collections.nCopies(SENT, FileDescriptor.out));
		}

		private static int receive(MessageSocket receiver) throws IOException {
			Received received = receiver.receive(ByteBuffer.allocateDirect(10));
			received.close();
			return received.descriptors().size();
		}

	}

}
