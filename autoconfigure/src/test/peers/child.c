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
 * A child whose standard input is a socket to its parent, and which knows nothing but bytes
 * and descriptors:
 *
 *   child serve          answer each message with what it brought, and give its descriptors
 *                        back
 *   child send FILE...   send "from C" with these files in one message, print the answer and
 *                        the content of its first descriptor
 *   child stop           read one message, close the socket, and wait to be killed
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PARENT STDIN_FILENO
#define MAX_FDS 253

static char data[65536];
static int fds[MAX_FDS];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Returns how many bytes came, 0 at the end, and how many descriptors in count. */
static size_t receive(size_t *count)
{
	char control[CMSG_SPACE(sizeof fds)];
	struct iovec iov = { data, sizeof data - 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};
	ssize_t length = recvmsg(PARENT, &message, MSG_CMSG_CLOEXEC);
	if (length < 0)
		fail("recvmsg");
	*count = 0;
	for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
		if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
			*count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			memcpy(fds, CMSG_DATA(header), *count * sizeof(int));
		}
	}
	data[length] = 0;
	return length;
}

static void send_all(const char *text, size_t count)
{
	char control[CMSG_SPACE(sizeof fds)] = { 0 };
	struct iovec iov = { (char *) text, strlen(text) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	if (count > 0) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	}
	if (sendmsg(PARENT, &message, MSG_NOSIGNAL) != (ssize_t) strlen(text))
		fail("sendmsg");
}

static void close_all(size_t count)
{
	while (count > 0)
		close(fds[--count]);
}

static void serve(void)
{
	static char answer[2 * sizeof data];
	size_t count;
	while (receive(&count) > 0) {
		size_t end = sprintf(answer, "%s with %zu:", data, count);
		for (size_t i = 0; i < count; i++) {
			answer[end++] = ' ';
			ssize_t length = pread(fds[i], answer + end, 64, 0);
			if (length < 0)
				fail("pread");
			end += length;
		}
		answer[end] = 0;
		send_all(answer, count);
		close_all(count);
	}
}

static void send_files(char **paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((fds[i] = open(paths[i], O_RDONLY | O_CLOEXEC)) < 0)
			fail(paths[i]);
	send_all("from C", count);
	close_all(count);
	if (receive(&count) == 0) {
		puts("end");
		return;
	}
	printf("%s with %zu:", data, count);
	if (count > 0) {
		char content[64] = "";
		if (read(fds[0], content, sizeof content - 1) < 0)
			fail("read");
		printf(" %s", content);
	}
	puts("");
	close_all(count);
}

static void stop(void)
{
	size_t count;
	receive(&count);
	close_all(count);
	close(PARENT);
	pause();
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "serve"))
		serve();
	else if (argc > 1 && !strcmp(argv[1], "send"))
		send_files(argv + 2, argc - 2);
	else if (argc > 1 && !strcmp(argv[1], "stop"))
		stop();
	else
		return 2;
	return 0;
}
