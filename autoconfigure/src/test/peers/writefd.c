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

/*
 * A peer whose messages are some bytes, at least one, and a descriptor or none, as a pair of
 * functions write_fd and read_fd passes them.
 *
 * writefd connect|listen PATH STEP...
 *
 * write=TEXT           write_fd without a descriptor
 * write=TEXT,FILE      write_fd with the open file
 * twice=TEXT           the same bytes twice in one write
 * read                 read_fd, and print the bytes and what the descriptor has
 * echo                 read_fd, and write_fd the same back, until the other side closes
 * wait, drained, end, bytes=TEXT, shut, next, open=FILE    as script.h has it
 */

#include "script.h"

#define LONGEST 65536

static void write_fd(int connection, const void *bytes, size_t count, int descriptor)
{
	send_with(connection, bytes, count, &descriptor, descriptor >= 0 ? 1 : 0);
}

static ssize_t read_fd(int connection, void *bytes, size_t count, int *descriptor)
{
	return receive_with(connection, bytes, count, descriptor);
}

static void write_step(int connection, char *argument)
{
	char *file = strchr(argument, ',');
	int descriptor = -1;
	if (file != NULL) {
		*file++ = 0;
		descriptor = CHECK(open(file, O_RDONLY));
	}
	write_fd(connection, argument, strlen(argument), descriptor);
	if (descriptor >= 0)
		close(descriptor);
}

static void read_step(int connection)
{
	char bytes[LONGEST];
	int descriptor;
	ssize_t count = read_fd(connection, bytes, sizeof(bytes), &descriptor);
	if (count <= 0) {
		puts(count == 0 ? "end" : strerror(errno));
		return;
	}
	printf("%zd bytes: %.*s\n", count, (int) (count > 100 ? 100 : count), bytes);
	if (descriptor >= 0)
		print_content("descriptor", descriptor);
	else
		puts("no descriptor was passed");
}

static void echo(int connection)
{
	char bytes[LONGEST];
	int descriptor;
	ssize_t count;
	while ((count = read_fd(connection, bytes, sizeof(bytes), &descriptor)) > 0) {
		write_fd(connection, bytes, count, descriptor);
		if (descriptor >= 0)
			close(descriptor);
	}
}

static void step(int connection, const char *name, char *argument)
{
	if (strcmp(name, "write") == 0) {
		write_step(connection, argument);
	} else if (strcmp(name, "twice") == 0) {
		char bytes[LONGEST];
		snprintf(bytes, sizeof(bytes), "%s%s", argument, argument);
		write_fd(connection, bytes, strlen(bytes), -1);
	} else if (strcmp(name, "read") == 0) {
		read_step(connection);
	} else if (strcmp(name, "echo") == 0) {
		echo(connection);
	} else {
		printf("unknown step %s\n", name);
		exit(2);
	}
}
