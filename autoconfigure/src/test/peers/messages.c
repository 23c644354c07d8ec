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
 * Peers that keep messages, and say who they are, as plain as C can be. TYPE is stream,
 * seqpacket or datagram; an address that begins with @ is abstract; OWN is the address to
 * bind to before, - for none; NUL stands for an empty payload.
 *
 *   messages send TYPE OWN PATH PAYLOAD FILE...   send one message with the files
 *   messages ask TYPE OWN PATH PAYLOAD FILE...    the same, then print the answer
 *   messages serve TYPE PATH COUNT                receive COUNT messages, print each, and
 *                                                 answer those whose sender has an address
 *                                                 or a connection with "got PAYLOAD" and
 *                                                 the descriptors that came
 *   messages claim UID TYPE PATH PAYLOAD FILE     send the file and credentials in one
 *                                                 message, those of UID
 *   messages write_fd PATH PAYLOAD [FILE]         UNP: a datagram of at least one byte
 *   messages read_fd PATH                         UNP: print the payload, and -1 or what
 *                                                 the descriptor reads
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_FDS 253

static void fail(const char *what)
{
	printf("%s: %s\n", what, strerrorname_np(errno));
	exit(1);
}

static int type_of(const char *name)
{
	return !strcmp(name, "stream") ? SOCK_STREAM : !strcmp(name, "seqpacket") ? SOCK_SEQPACKET : SOCK_DGRAM;
}

static socklen_t address_of(const char *name, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	strncpy(address->sun_path, name, sizeof address->sun_path - 1);
	if (name[0] != '@')
		return sizeof *address;
	address->sun_path[0] = 0;
	return offsetof(struct sockaddr_un, sun_path) + strlen(name);
}

static int bound(int type, const char *own)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, type, 0);
	if (strcmp(own, "-") && bind(fd, (struct sockaddr *)&address, address_of(own, &address)))
		fail("bind");
	return fd;
}

static int dial(int type, const char *own, const char *path)
{
	struct sockaddr_un address;
	int fd = bound(type, own);
	if (connect(fd, (struct sockaddr *)&address, address_of(path, &address)))
		fail("connect");
	return fd;
}

static size_t payload_of(const char *text)
{
	return strcmp(text, "NUL") ? strlen(text) : 0;
}

/*
 * Send a payload, descriptors, and credentials if there are any, in one message.
 */
static ssize_t pass(int socket, const char *payload, size_t length, int count, const int *fds,
		const struct ucred *claim, struct sockaddr_un *to, socklen_t to_length)
{
	char control[CMSG_SPACE(MAX_FDS * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))] = { 0 };
	struct iovec iov = { (void *)payload, length };
	struct msghdr header = { .msg_name = to, .msg_namelen = to_length, .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control };
	struct cmsghdr *cmsg = (struct cmsghdr *)control;
	if (count > 0) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
		header.msg_controllen += CMSG_SPACE(count * sizeof(int));
		cmsg = (struct cmsghdr *)(control + header.msg_controllen);
	}
	if (claim) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_CREDENTIALS;
		cmsg->cmsg_len = CMSG_LEN(sizeof *claim);
		memcpy(CMSG_DATA(cmsg), claim, sizeof *claim);
		header.msg_controllen += CMSG_SPACE(sizeof *claim);
	}
	return sendmsg(socket, &header, MSG_NOSIGNAL);
}

static int open_all(char **files, int *fds)
{
	int count = 0;
	for (; files[count]; count++)
		if ((fds[count] = open(files[count], O_RDONLY)) < 0)
			fail("open");
	return count;
}

static void print_file(int fd)
{
	char text[256];
	ssize_t length = pread(fd, text, sizeof text, 0);
	printf(" [%.*s]", (int)(length > 0 ? length : 0), text);
}

/*
 * Receive one message and print it. Returns its length, or -1 at the end.
 */
static ssize_t take(int socket, char *data, size_t room, int *fds, int *count, struct sockaddr_un *from,
		socklen_t *from_length)
{
	char control[CMSG_SPACE(MAX_FDS * sizeof(int))];
	struct iovec iov = { data, room };
	struct msghdr header = { .msg_name = from, .msg_namelen = sizeof *from, .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof control };
	ssize_t length = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	if (length < 0)
		fail("recvmsg");
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header);
	*count = cmsg ? (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (*count)
		memcpy(fds, CMSG_DATA(cmsg), *count * sizeof(int));
	*from_length = header.msg_namelen;
	printf("%zd bytes '%.*s' %d descriptors", length, (int)length, data, *count);
	for (int i = 0; i < *count; i++)
		print_file(fds[i]);
	printf("\n");
	fflush(stdout);
	return length;
}

static void send_one(char **args, int answer)
{
	int fds[MAX_FDS], count, type = type_of(args[0]);
	int socket = dial(type, args[1], args[2]);
	count = open_all(args + 4, fds);
	if (pass(socket, args[3], payload_of(args[3]), count, fds, NULL, NULL, 0) < 0)
		fail("sendmsg");
	if (answer) {
		static char data[65536];
		struct sockaddr_un from;
		socklen_t from_length;
		take(socket, data, sizeof data, fds, &count, &from, &from_length);
	}
}

static void serve(int type, const char *path, int messages)
{
	static char data[65536], reply[65600];
	int socket = bound(type, path);
	if (type != SOCK_DGRAM && listen(socket, 5))
		fail("listen");
	printf("ready\n");
	fflush(stdout);
	int connection = type == SOCK_DGRAM ? socket : accept(socket, NULL, NULL);
	while (messages-- > 0) {
		int fds[MAX_FDS], count;
		struct sockaddr_un from;
		socklen_t from_length;
		ssize_t length = take(connection, data, sizeof data, fds, &count, &from, &from_length);
		int answer = type != SOCK_DGRAM || from_length > 0;
		snprintf(reply, sizeof reply, "got %.*s", (int)length, data);
		if (answer && pass(connection, reply, strlen(reply), count, fds, NULL,
				type == SOCK_DGRAM ? &from : NULL, type == SOCK_DGRAM ? from_length : 0) < 0)
			fail("answer");
	}
	if (type != SOCK_DGRAM) {
		char byte;
		printf("end %zd\n", recv(connection, &byte, 1, 0));
	}
}

static void claim(char **args)
{
	int fds[MAX_FDS];
	int socket = dial(type_of(args[1]), "-", args[2]);
	struct ucred who = { getpid(), atoi(args[0]), getgid() };
	int count = open_all(args + 4, fds);
	if (pass(socket, args[3], payload_of(args[3]), count, fds, &who, NULL, 0) < 0)
		fail("sendmsg");
	printf("sent by %d\n", getpid());
}

static ssize_t write_fd(int socket, void *data, size_t length, int fd)
{
	return pass(socket, data, length, fd < 0 ? 0 : 1, &fd, NULL, NULL, 0);
}

static ssize_t read_fd(int socket, void *data, size_t room, int *fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { data, room };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
		.msg_controllen = sizeof control.room };
	ssize_t length = recvmsg(socket, &header, 0);
	struct cmsghdr *cmsg = length > 0 ? CMSG_FIRSTHDR(&header) : NULL;
	*fd = -1;
	if (cmsg && cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(cmsg), sizeof(int));
	return length;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";
	if (!strcmp(command, "send"))
		send_one(argv + 2, 0);
	else if (!strcmp(command, "ask"))
		send_one(argv + 2, 1);
	else if (!strcmp(command, "serve"))
		serve(type_of(argv[2]), argv[3], atoi(argv[4]));
	else if (!strcmp(command, "claim"))
		claim(argv + 2);
	else if (!strcmp(command, "write_fd")) {
		int fd = argv[4] ? open(argv[4], O_RDONLY) : -1;
		if (write_fd(dial(SOCK_DGRAM, "-", argv[2]), argv[3], strlen(argv[3]), fd) < 0)
			fail("write_fd");
	}
	else if (!strcmp(command, "read_fd")) {
		char data[4096];
		int fd, socket = bound(SOCK_DGRAM, argv[2]);
		printf("ready\n");
		fflush(stdout);
		for (int i = 0; i < 2; i++) {
			ssize_t length = read_fd(socket, data, sizeof data, &fd);
			printf("'%.*s'", (int)length, data);
			if (fd < 0)
				printf(" -1");
			else
				print_file(fd);
			printf("\n");
			fflush(stdout);
		}
	}
	else
		return 2;
	return 0;
}
