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

/**
 * Makes texts that others chose safe for log lines and exceptions.
 */
public final class PrintableText {

	/** The most that is shown of a text. */
	private static final int MAX_LENGTH = 500;

	private PrintableText() {
	}

	/**
	 * Escape characters that are not printable, so that a text neither ends a line nor
	 * changes what a terminal shows. A text that is too long is shortened.
	 * @param text the text
	 * @return the text with <code>&#92;n</code>, <code>&#92;r</code>, <code>&#92;t</code>
	 * and <code>&#92;uXXXX</code> in place of control and format characters, line
	 * separators and lone surrogates
	 */
	public static String escape(String text) {
		StringBuilder escaped = new StringBuilder(text.length());
		text.codePoints().limit(MAX_LENGTH).forEach((codePoint) -> append(escaped, codePoint));
		if (text.codePointCount(0, text.length()) > MAX_LENGTH) {
			escaped.append("...");
		}
		return escaped.toString();
	}

	private static void append(StringBuilder escaped, int codePoint) {
		switch (codePoint) {
			case '\n' -> escaped.append("\\n");
			case '\r' -> escaped.append("\\r");
			case '\t' -> escaped.append("\\t");
			default -> {
				if (isPrintable(codePoint)) {
					escaped.appendCodePoint(codePoint);
				}
				else {
					escaped.append("\\u%04X".formatted(codePoint));
				}
			}
		}
	}

	private static boolean isPrintable(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
				false;
			default -> true;
		};
	}

}
