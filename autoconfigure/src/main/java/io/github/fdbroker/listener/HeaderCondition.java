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

package io.github.fdbroker.listener;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A condition on one header: {@code name=value}, {@code name!=value}, {@code name} or
 * {@code !name}.
 *
 * @param name the name of the header
 * @param value the value, or {@code null} if the condition tests only for the presence of
 * the header
 * @param negated whether the condition holds if the header is missing or has another
 * value
 */
record HeaderCondition(String name, @Nullable String value, boolean negated) {

	static HeaderCondition parse(String expression) {
		int separator = expression.indexOf('=');
		boolean negated = (separator < 0) ? expression.startsWith("!")
				: separator > 0 && expression.charAt(separator - 1) == '!';
		String name = (separator < 0) ? expression.substring(negated ? 1 : 0)
				: expression.substring(0, negated ? separator - 1 : separator);
		Assert.hasText(name, () -> "'" + expression + "' is not a condition on a header, such as 'name=value'");
		return new HeaderCondition(name.trim(), (separator < 0) ? null : expression.substring(separator + 1).trim(),
				negated);
	}

	boolean matches(Map<String, String> headers) {
		boolean found = (this.value != null) ? this.value.equals(headers.get(this.name))
				: headers.containsKey(this.name);
		return found != this.negated;
	}

	/**
	 * Whether no message can meet both conditions.
	 */
	boolean excludes(HeaderCondition other) {
		return this.name.equals(other.name) && (contradicts(other) || other.contradicts(this));
	}

	private boolean contradicts(HeaderCondition other) {
		if (this.negated) {
			return false;
		}
		return (this.value != null) ? !other.matches(Map.of(this.name, this.value))
				: other.negated && other.value == null;
	}

	@Override
	public String toString() {
		if (this.value == null) {
			return (this.negated ? "!" : "") + this.name;
		}
		return this.name + (this.negated ? "!=" : "=") + this.value;
	}

}
