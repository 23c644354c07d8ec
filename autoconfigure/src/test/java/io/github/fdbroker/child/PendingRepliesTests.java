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

package io.github.fdbroker.child;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.fdbroker.FdMessage;
import io.github.fdbroker.system.DescriptorHandle;
import io.github.fdbroker.system.Descriptors;
import io.github.fdbroker.wire.Envelope;
import io.github.fdbroker.wire.MessageKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PendingReplies}: a reply that nobody takes is closed, whichever comes
 * first, the reply or the end of the wait.
 */
class PendingRepliesTests {

	private final PendingReplies pending = new PendingReplies();

	private DescriptorHandle descriptor;

	private Envelope reply;

	@BeforeEach
	void createReply() throws IOException {
		try (FileInputStream file = new FileInputStream(Path.of("/dev/zero").toFile())) {
			this.descriptor = new DescriptorHandle(Descriptors.duplicate(file.getFD()));
		}
		this.reply = new Envelope(MessageKind.REPLY, 1, FdMessage.of(new byte[0], List.of(this.descriptor)));
	}

	@Test
	void completeWhenRequestWaitsGivesItTheReply() {
		CompletableFuture<Envelope> expected = this.pending.expect(1);
		assertThat(this.pending.complete(this.reply)).isTrue();
		assertThat(expected).isCompletedWithValue(this.reply);
		assertThat(this.descriptor.isOpen()).isTrue();
		this.descriptor.close();
	}

	@Test
	void abandonWhenReplyIsThereClosesIt() {
		CompletableFuture<Envelope> expected = this.pending.expect(1);
		this.pending.complete(this.reply);
		this.pending.abandon(1, expected);
		assertThat(this.descriptor.isOpen()).isFalse();
	}

	@Test
	void completeWhenWaitHasEndedClosesTheReply() {
		this.pending.expect(1).cancel(false);
		assertThat(this.pending.complete(this.reply)).isTrue();
		assertThat(this.descriptor.isOpen()).isFalse();
	}

	@Test
	void completeWhenNobodyWaitsLeavesTheReplyToTheCaller() {
		assertThat(this.pending.complete(this.reply)).isFalse();
		assertThat(this.descriptor.isOpen()).isTrue();
		this.descriptor.close();
	}

}
