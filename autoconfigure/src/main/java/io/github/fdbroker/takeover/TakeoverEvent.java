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

package io.github.fdbroker.takeover;

/**
 * A step of a take-over was made. Published in both processes.
 *
 * @param step the step
 * @param oldPid the id of the process that is taken over from
 * @param newPid the id of the process that takes over
 * @param detail what happened, for people
 */
public record TakeoverEvent(TakeoverStep step, long oldPid, long newPid, String detail) {

}
