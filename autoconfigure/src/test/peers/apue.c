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
 * A peer that passes descriptors by send_fd, send_err and recv_fd, as the open servers and
 * their clients do: a descriptor goes with a NUL and the status 0, an error as its text, a
 * NUL, and its status without the sign.
 *
 * apue connect|listen PATH STEP...
 *
 * ask=REQUEST     send a request, and receive the answer
 * twice=REQUEST   send the same request twice in one write
 * request=TEXT    send a request only
 * receive         receive by recv_fd, and print the descriptor's content or the status
 * fd=FILE         send_fd
 * err=N,TEXT      send_err
 * both=FILE       send_err and send_fd in one sendmsg
 * reply           read a request, and answer it as an open server does
 * take            read a request, and leave it at that
 * serve           reply until the client closes
 * nofd, two, errfd, bare, errors, late    break the rules
 * wait, drained, end, bytes=TEXT, shut, next, open=FILE    as script.h has it
 */

#include "script.h"

#define LONGEST 4096

/* Send a descriptor, or a negative status. */
static void send_fd(int connection, int descriptor)
{
	char message[2] = { 0, 0 };
	if (descriptor >= 0) {
		send_with(connection, message, 2, &descriptor, 1);
		return;
	}
	message[1] = (char) -descriptor;
	send_with(connection, message, 2, NULL, 0);
}

static void send_err(int connection, int status, const char *text)
{
	if (*text != 0)
		send_with(connection, text, strlen(text), NULL, 0);
	send_fd(connection, status);
}

/* Return a descriptor, or a negative status, having printed what text came with it. */
static int recv_fd(int connection)
{
	char bytes[LONGEST];
	while (1) {
		int descriptor;
		ssize_t count = receive_with(connection, bytes, sizeof(bytes), &descriptor);
		if (count < 0) {
			printf("recvmsg: %s\n", strerror(errno));
			return -1;
		}
		if (count == 0) {
			puts("connection closed by server");
			return -1;
		}
		char *end = memchr(bytes, 0, count);
		if (end == NULL) {
			CHECK(write(STDOUT_FILENO, bytes, count));
			continue;
		}
		if (end != &bytes[count - 2]) {
			puts("message format error");
			exit(1);
		}
		CHECK(write(STDOUT_FILENO, bytes, count - 2));
		int status = end[1] & 0xff;
		if (status == 0 && descriptor < 0) {
			puts("status = 0 but no fd");
			exit(1);
		}
		return status == 0 ? descriptor : -status;
	}
}

static void answer(int connection)
{
	int result = recv_fd(connection);
	if (result >= 0)
		print_content("descriptor", result);
	else
		printf("status %d\n", result);
}

static void request(int connection, const char *text)
{
	send_with(connection, text, strlen(text) + 1, NULL, 0);
}

static void request_twice(int connection, const char *text)
{
	char bytes[LONGEST];
	size_t length = strlen(text) + 1;
	memcpy(bytes, text, length);
	memcpy(bytes + length, text, length);
	send_with(connection, bytes, 2 * length, NULL, 0);
}

/* Do what a request "open FILE MODE" asks for; 0 if there is none. */
static int reply(int connection)
{
	char bytes[LONGEST], file[LONGEST], error[2 * LONGEST];
	int mode;
	ssize_t count = read(connection, bytes, sizeof(bytes));
	if (count <= 0)
		return 0;
	if (bytes[count - 1] != 0) {
		send_err(connection, -1, "the request does not end in a NUL\n");
		return 1;
	}
	printf("request: %s\n", bytes);
	if (sscanf(bytes, "open %4000s %d", file, &mode) != 2) {
		send_err(connection, -2, "open FILE MODE is what this server knows\n");
		return 1;
	}
	int descriptor = open(file, mode);
	if (descriptor < 0) {
		snprintf(error, sizeof(error), "can't open %s: %s\n", file, strerror(errno));
		send_err(connection, -1, error);
		return 1;
	}
	send_fd(connection, descriptor);
	close(descriptor);
	return 1;
}

static void both(int connection, const char *file)
{
	int descriptor = CHECK(open(file, O_RDONLY));
	send_with(connection, "no\n\0\1\0\0", 7, &descriptor, 1);
	close(descriptor);
}

/* What no peer should send. */
static int broken(int connection, const char *name)
{
	int null[2] = { CHECK(open("/dev/null", O_RDONLY)), CHECK(open("/dev/null", O_RDONLY)) };
	if (strcmp(name, "nofd") == 0)
		send_with(connection, "\0", 2, NULL, 0);
	else if (strcmp(name, "two") == 0)
		send_with(connection, "\0", 2, null, 2);
	else if (strcmp(name, "errfd") == 0)
		send_with(connection, "no\n\0\1", 5, null, 1);
	else if (strcmp(name, "bare") == 0)
		send_with(connection, "\1", 1, null, 1);
	else if (strcmp(name, "errors") == 0)
		send_with(connection, "no\n\0\1no\n\0\1", 10, NULL, 0);
	else if (strcmp(name, "late") == 0)
		send_with(connection, "stale\n\0\1", 8, null, 0);
	else
		return 0;
	close(null[0]);
	close(null[1]);
	return 1;
}

static void step(int connection, const char *name, char *argument)
{
	if (strcmp(name, "ask") == 0) {
		request(connection, argument);
		answer(connection);
	} else if (strcmp(name, "twice") == 0) {
		request_twice(connection, argument);
	} else if (strcmp(name, "request") == 0) {
		request(connection, argument);
	} else if (strcmp(name, "receive") == 0) {
		answer(connection);
	} else if (strcmp(name, "fd") == 0) {
		int descriptor = CHECK(open(argument, O_RDONLY));
		send_fd(connection, descriptor);
		close(descriptor);
	} else if (strcmp(name, "err") == 0) {
		send_err(connection, atoi(argument), strchr(argument, ',') + 1);
	} else if (strcmp(name, "both") == 0) {
		both(connection, argument);
	} else if (strcmp(name, "take") == 0) {
		char bytes[LONGEST];
		CHECK(read(connection, bytes, sizeof(bytes)));
	} else if (strcmp(name, "reply") == 0) {
		reply(connection);
	} else if (strcmp(name, "serve") == 0) {
		while (reply(connection))
			;
	} else if (!broken(connection, name)) {
		printf("unknown step %s\n", name);
		exit(2);
	}
}
