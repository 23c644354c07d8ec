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

package io.github.fdbroker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The reference page on peers: its table, and the examples under its headings.
 *
 * @param rows the systems that the table names
 * @param headings the headings, as links to them name them
 * @param examples what stands under those headings that have a fenced block
 */
record PeersPage(List<Row> rows, List<String> headings, List<Example> examples) {

	private static final String FENCE = "```";

	static PeersPage read() throws IOException {
		List<Row> rows = new ArrayList<>();
		List<String> headings = new ArrayList<>();
		List<Example> examples = new ArrayList<>();
		Example example = new Example("", new LinkedHashMap<>());
		String section = "";
		StringBuilder block = null;
		for (String line : Files.readAllLines(Path.of("src/docs/peers.md"))) {
			if (block != null && !line.equals(FENCE)) {
				block.append(line).append('\n');
			}
			else if (line.startsWith(FENCE)) {
				block = (block == null) ? example.start(line.substring(FENCE.length())) : null;
			}
			else if (line.startsWith("| [")) {
				rows.add(Row.parse(line));
			}
			else if (line.startsWith("#")) {
				String heading = line.replaceFirst("#+ ", "");
				section = line.startsWith("### ") ? section : heading;
				headings.add(slug(heading));
				example = new Example(section.equals(heading) ? section : section + ": " + heading,
						new LinkedHashMap<>());
				examples.add(example);
			}
		}
		examples.removeIf((each) -> each.blocks().isEmpty());
		return new PeersPage(rows, headings, examples);
	}

	/**
	 * Return a heading as links to it name it.
	 */
	private static String slug(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-');
	}

	/**
	 * A row of the table.
	 *
	 * @param section the section it leads to
	 * @param testClasses the names in its last column
	 */
	record Row(String section, List<String> testClasses) {

		static Row parse(String line) {
			String[] cells = line.split("\\|");
			return new Row(cells[1].replaceFirst(".*\\(#(.*)\\).*", "$1"),
					Stream.of(cells[cells.length - 1].split(","))
						.map((name) -> name.replace("`", "").strip())
						.filter((name) -> !name.isEmpty())
						.toList());
		}

	}

	/**
	 * The fenced blocks under one heading.
	 *
	 * @param title the heading, and the one above it
	 * @param blocks their text, by their language
	 */
	record Example(String title, Map<String, StringBuilder> blocks) {

		/**
		 * Take a block, for which there has to be a use.
		 * @return its text, empty if there is none
		 */
		String take(String language) {
			StringBuilder block = this.blocks.remove(language);
			return (block != null) ? block.toString() : "";
		}

		boolean has(String language) {
			return this.blocks.containsKey(language);
		}

		private StringBuilder start(String language) {
			StringBuilder block = new StringBuilder();
			if (language.isEmpty() || this.blocks.put(language, block) != null) {
				throw new IllegalStateException(
						"Under '%s' there is more than one block of '%s'".formatted(this.title, language));
			}
			return block;
		}

		@Override
		public String toString() {
			return this.title;
		}

	}

}
