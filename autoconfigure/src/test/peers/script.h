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
 * What C peers share: they connect or listen, and then take one step after the other, as
 * their arguments say, so that a test decides what happens when.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define CHECK(call) check((call), #call)

static long check(long result, const char *call)
{
	if (result < 0) {
		printf("%s: %s\n", call, strerror(errno));
		exit(1);
	}
	return result;
}

static int unix_socket(const char *path, struct sockaddr_un *address)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);
	return CHECK(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int connect_to(const char *path)
{
	struct sockaddr_un address;
	int connection = unix_socket(path, &address);
	/* A server that is not there yet is waited for. */
	while (connect(connection, (struct sockaddr *) &address, sizeof(address)) < 0) {
		if (errno != ENOENT && errno != ECONNREFUSED)
			check(-1, "connect");
		usleep(10000);
	}
	return connection;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address;
	int listener = unix_socket(path, &address);
	CHECK(bind(listener, (struct sockaddr *) &address, sizeof(address)));
	CHECK(listen(listener, 8));
	puts("ready");
	return listener;
}

/* Send bytes, with descriptors if there are any. */
static void send_with(int connection, const void *bytes, size_t count, const int *descriptors, int number)
{
	char control[CMSG_SPACE(4 * sizeof(int))] = { 0 };
	struct iovec vector = { (void *) bytes, count };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
	if (number > 0) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(number * sizeof(int));
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(number * sizeof(int));
		memcpy(CMSG_DATA(header), descriptors, number * sizeof(int));
	}
	CHECK(sendmsg(connection, &message, MSG_NOSIGNAL));
}

/* Receive bytes and the descriptor that came with them, or -1; -1 bytes if it broke. */
static ssize_t receive_with(int connection, void *bytes, size_t count, int *descriptor)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec vector = { bytes, count };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t received = recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
	*descriptor = -1;
	if (received <= 0)
		return received;
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	if (header != NULL && header->cmsg_type == SCM_RIGHTS)
		memcpy(descriptor, CMSG_DATA(header), sizeof(int));
	return received;
}

/* Print what a descriptor has to read from where it stands, and close it. */
static inline void print_content(const char *label, int descriptor)
{
	char content[4096];
	ssize_t count = read(descriptor, content, sizeof(content));
	printf("%s: %.*s\n", label, (int) (count > 0 ? count : 0), content);
	if (write(descriptor, "x", 1) < 0)
		printf("write: %s\n", strerror(errno));
	close(descriptor);
}

/* The steps that all peers know; 0 if this is none of them. */
static int common_step(int connection, const char *name, const char *argument)
{
	if (strcmp(name, "wait") == 0) {
		/* For the test to say go on. */
		int byte;
		puts("waiting");
		do {
			byte = getchar();
		} while (byte != '\n' && byte != EOF);
	} else if (strcmp(name, "drained") == 0) {
		/* Until the other side has read all that was sent. */
		int unread = 1;
		while (unread > 0) {
			CHECK(ioctl(connection, TIOCOUTQ, &unread));
			usleep(1000);
		}
	} else if (strcmp(name, "end") == 0) {
		/* Until the other side closes. */
		char byte;
		ssize_t count = read(connection, &byte, 1);
		puts(count <= 0 ? "closed" : "more came");
	} else if (strcmp(name, "bytes") == 0) {
		send_with(connection, argument, strlen(argument), NULL, 0);
	} else if (strcmp(name, "open") == 0) {
		int descriptor = open(argument, O_RDONLY);
		printf("open: %s\n", descriptor < 0 ? strerror(errno) : "done");
	} else if (strcmp(name, "shut") == 0) {
		CHECK(shutdown(connection, SHUT_WR));
	} else {
		return 0;
	}
	return 1;
}

static void step(int connection, const char *name, char *argument);

/* Run the steps "name" or "name=argument"; "next" accepts another connection. */
static int run_script(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: %s connect|listen PATH STEP...\n", argv[0]);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	int listener = strcmp(argv[1], "listen") == 0 ? listen_at(argv[2]) : -1;
	int connection = listener >= 0 ? CHECK(accept(listener, NULL, NULL)) : connect_to(argv[2]);
	if (listener < 0)
		puts("ready");
	for (int i = 3; i < argc; i++) {
		char *argument = strchr(argv[i], '=');
		if (argument != NULL)
			*argument++ = 0;
		if (strcmp(argv[i], "next") == 0) {
			close(connection);
			connection = CHECK(accept(listener, NULL, NULL));
		} else if (!common_step(connection, argv[i], argument)) {
			step(connection, argv[i], argument);
		}
	}
	puts("done");
	return 0;
}

int main(int argc, char **argv)
{
	return run_script(argc, argv);
}
