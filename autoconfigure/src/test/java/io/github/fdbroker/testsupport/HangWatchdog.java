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

package io.github.fdbroker.testsupport;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import javax.management.JMException;
import javax.management.ObjectName;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Prints the stacks of all threads shortly before the build ends a run of the tests that
 * takes too long, so that a hang shows where it is. Registered for all runs.
 */
public final class HangWatchdog implements LauncherSessionListener {

	static final String THREAD = "hang-watchdog";

	/**
	 * The limit of the build in seconds.
	 */
	private static final String LIMIT = "fdbroker.tests.limit";

	private static final Duration AHEAD = Duration.ofSeconds(30);

	@Override
	public void launcherSessionOpened(LauncherSession session) {
		watch(Duration.ofSeconds(Long.getLong(LIMIT, 1800)).minus(AHEAD), System.err);
	}

	/**
	 * Print the stacks of all threads after a time.
	 */
	static void watch(Duration time, PrintStream output) {
		Thread thread = new Thread(() -> {
			try {
				Thread.sleep(Math.max(0, time.toMillis()));
				output.println("The tests take longer than " + time + ". Threads:\n" + threads());
			}
			catch (InterruptedException | JMException ex) {
				output.println("The threads cannot be printed: " + ex);
			}
		}, THREAD);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * As jcmd(1) prints them: platform threads with their locks and deadlocks, and, where
	 * there are virtual threads, these as well.
	 */
	private static String threads() throws JMException {
		String platform = diagnose("threadPrint", "-l");
		return VirtualThreads.areAvailable() ? platform + "\n" + virtualThreads() : platform;
	}

	private static String virtualThreads() throws JMException {
		try {
			Path file = Files.createTempFile("threads", ".txt");
			try {
				diagnose("threadDumpToFile", "-overwrite", file.toString());
				return Files.readString(file);
			}
			finally {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			return "The virtual threads cannot be printed: " + ex;
		}
	}

	private static String diagnose(String command, String... arguments) throws JMException {
		return (String) ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), command, new Object[] { arguments },
					new String[] { String[].class.getName() });
	}

}
