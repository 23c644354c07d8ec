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

package io.github.fdbroker.web.load;

/**
 * A request without a correct response.
 *
 * @param begin when it began, in milliseconds since 1970
 * @param end when it ended
 * @param process the process that has answered on the same connection before, 0 if none
 * has
 * @param text what happened
 */
public record Failure(long begin, long end, long process, String text) {

	static Failure parse(String line) {
		String[] words = line.split(" ", 4);
		return new Failure(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
	}

	String line() {
		return "%d %d %d %s".formatted(this.begin, this.end, this.process, this.text.replace('\n', ' '));
	}

}
