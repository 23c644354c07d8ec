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

import java.util.List;
import java.util.stream.Stream;

import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes until the first one fails, which it names: what the script in
 * {@code src/test/mutants} does with each mutant.
 */
public final class TestRun {

	private TestRun() {
	}

	public static void main(String[] classes) {
		List<? extends DiscoverySelector> selectors = Stream.of(classes).map(DiscoverySelectors::selectClass).toList();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(selectors)
			.filters(TagFilter.excludeTags("jdk-channels", "proof"))
			.build();
		Count count = new Count();
		LauncherFactory.create().execute(request, count);
		System.out.println(count.succeeded + " tests succeeded");
		Runtime.getRuntime().halt((count.succeeded > 0) ? 0 : 2);
	}

	private static final class Count implements TestExecutionListener {

		private volatile int succeeded;

		@Override
		public void executionFinished(TestIdentifier test, TestExecutionResult result) {
			if (result.getStatus() == TestExecutionResult.Status.FAILED) {
				System.out.println("FAILED " + test.getLegacyReportingName() + ": "
						+ result.getThrowable().map(Throwable::toString).orElse("").lines().findFirst().orElse(""));
				Runtime.getRuntime().halt(1);
			}
			if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
				this.succeeded++;
			}
		}

	}

}
