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

package io.github.fdbroker.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.fdbroker.web.TakeoverSite.Outcome;

/**
 * The applications that trials are made with. What survives a trial is used for the next
 * one.
 */
final class TrialSites implements AutoCloseable {

	/** Few enough that the processors have time for processes that start. */
	private static final Duration PAUSE = Duration.ofMillis(2);

	private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

	private static final Duration SHORT_START_TIMEOUT = Duration.ofSeconds(3);

	private final Path directory;

	private final Map<WebServerKind, SharedClasses> classes = new HashMap<>();

	private final Map<String, TakeoverSite> sites = new HashMap<>();

	TrialSites(Path directory) {
		this.directory = directory;
	}

	/**
	 * Make a trial. An application that does not survive it as expected is replaced.
	 */
	Outcome make(Trial trial) throws IOException, InterruptedException {
		try {
			return trial.attempt().make(site(trial));
		}
		catch (IOException | InterruptedException | RuntimeException | Error ex) {
			remove(key(trial));
			throw ex;
		}
	}

	private TakeoverSite site(Trial trial) throws IOException, InterruptedException {
		TakeoverSite site = this.sites.get(key(trial));
		if (site == null) {
			site = new TakeoverSite(trial.server(), classes(trial.server())::command,
					this.directory.resolve(key(trial)), trial.slow() ? SHORT_START_TIMEOUT : START_TIMEOUT, PAUSE);
			this.sites.put(key(trial), site);
		}
		return site;
	}

	private static String key(Trial trial) {
		return trial.server() + (trial.slow() ? "-slow" : "");
	}

	private SharedClasses classes(WebServerKind server) throws IOException, InterruptedException {
		SharedClasses shared = this.classes.get(server);
		if (shared == null) {
			shared = SharedClasses.create(server, Files.createDirectory(this.directory.resolve(server + "-classes")));
			this.classes.put(server, shared);
		}
		return shared;
	}

	private void remove(String key) throws IOException, InterruptedException {
		TakeoverSite site = this.sites.remove(key);
		if (site != null) {
			site.close();
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		for (String key : this.sites.keySet().toArray(String[]::new)) {
			remove(key);
		}
	}

}
