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

package io.github.fdbroker.autoconfigure;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Reads paths of the configuration, and rejects text that is not meant to be a path.
 */
final class PathText {

	/** A placeholder that could not be resolved. */
	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}:]+)");

	private PathText() {
	}

	static Path toPath(String property, String text) {
		Matcher placeholder = PLACEHOLDER.matcher(text);
		if (placeholder.find()) {
			throw new InvalidConfigurationPropertyValueException(property, text,
					"the variable or property %s is not set: set it, give the placeholder a default (${%s:/run/app}), "
						.formatted(placeholder.group(1), placeholder.group(1)) + "or write a path");
		}
		try {
			Path path = Path.of(text);
			if (text.startsWith("/") && text.contains(":/") && Files.notExists(path)) {
				throw new InvalidConfigurationPropertyValueException(property, text,
						"it is a list of directories, as RUNTIME_DIRECTORY is if RuntimeDirectory= of a systemd unit "
								+ "names several: write the path of one of them");
			}
			return path;
		}
		catch (InvalidPathException ex) {
			throw new InvalidConfigurationPropertyValueException(property, text, "it is not a path: " + ex.getReason());
		}
	}

}
