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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fenced blocks of a page.
 *
 * @param blocks the blocks, in order
 */
public record PageBlocks(List<Block> blocks) {

	private static final String FENCE = "```";

	/** A line that ends with the name of the file that the next block is. */
	private static final Pattern FILE = Pattern.compile(".*`([\\w./-]+\\.\\w+)`:$");

	/**
	 * Read a page.
	 */
	public static PageBlocks read(Path page) throws IOException {
		List<Block> blocks = new ArrayList<>();
		StringBuilder text = null;
		String language = "";
		String file = "";
		for (String line : Files.readAllLines(page)) {
			if (text != null && line.equals(FENCE)) {
				blocks.add(new Block(file, language, text.toString()));
				text = null;
				file = "";
			}
			else if (text != null) {
				text.append(line).append('\n');
			}
			else if (line.startsWith(FENCE)) {
				language = line.substring(FENCE.length());
				text = new StringBuilder();
			}
			else if (!line.isEmpty()) {
				Matcher matcher = FILE.matcher(line);
				file = matcher.matches() ? matcher.group(1) : "";
			}
		}
		return new PageBlocks(blocks);
	}

	/**
	 * Return the texts of the blocks in a language, in order.
	 */
	public List<String> in(String language) {
		return this.blocks.stream().filter((block) -> block.language().equals(language)).map(Block::text).toList();
	}

	/**
	 * Write the blocks that are files below a directory.
	 */
	public void writeFiles(Path directory) throws IOException {
		for (Block block : this.blocks) {
			if (!block.file().isEmpty()) {
				Path file = directory.resolve(block.file());
				Files.createDirectories(file.getParent());
				Files.writeString(file, block.text());
			}
		}
	}

	/**
	 * A fenced block.
	 *
	 * @param file the name of the file that it is, or an empty text
	 * @param language its language, or an empty text
	 * @param text its text
	 */
	public record Block(String file, String language, String text) {

	}

}
