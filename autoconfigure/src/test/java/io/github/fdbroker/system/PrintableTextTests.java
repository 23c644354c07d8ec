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

package io.github.fdbroker.system;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Texts that peers chose, in log lines.
 */
class PrintableTextTests {

	@Test
	void escapeWhenTextEndsLineOrChangesTerminalReplacesThat() {
		assertThat(PrintableText.escape("a\n2026 ERROR forged\r\t\u001b[31m\u2028\u202e\u0085\ud800z"))
			.isEqualTo("a\\n2026 ERROR forged\\r\\t\\u001B[31m\\u2028\\u202E\\u0085\\uD800z");
	}

	@Test
	void escapeWhenTextIsPrintableLeavesIt() {
		assertThat(PrintableText.escape("Größe 日本 \ud83d\ude00 /run/a b")).isEqualTo("Größe 日本 \ud83d\ude00 /run/a b");
	}

	@Test
	void escapeWhenTextIsLongCutsIt() {
		assertThat(PrintableText.escape("x".repeat(100_000))).isEqualTo("x".repeat(500) + "...");
	}

}
