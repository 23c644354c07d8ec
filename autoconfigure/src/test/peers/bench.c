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
 * The peers of the benchmark, as plain as C can be:
 *
 *   bench send PATH COUNT FDS N  send COUNT messages of N bytes and FDS descriptors each,
 *                                wait until the receiver closes, print the seconds
 *   bench receive PATH COUNT     receive, close each descriptor, print the seconds of each
 *                                COUNT messages
 *   bench serve PATH             answer each 64 bytes and one descriptor with the same
 *   bench request PATH COUNT N   N clients, each with a connection of its own, send COUNT
 *                                requests one after the other: print the seconds, and the
 *                                99th and 99.9th percentile of a request in microseconds
 *   bench idle PATH COUNT        open COUNT connections, print "ready", and keep them until
 *                                the end of the standard input
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MAX_FDS 253

struct message {
	char data[65536];
	char control[CMSG_SPACE(MAX_FDS * sizeof(int))];
	struct iovec iov;
	struct msghdr header;
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	strncpy(address.sun_path, path, sizeof address.sun_path - 1);
	return address;
}

static int dial(const char *path)
{
	struct sockaddr_un to = address(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	for (int i = 0; connect(fd, (struct sockaddr *)&to, sizeof to); i++) {
		if (i == 10000)
			fail("connect");
		usleep(1000);
	}
	return fd;
}

static int listen_at(const char *path)
{
	struct sockaddr_un at = address(path);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 128))
		fail("bind");
	return fd;
}

static void prepare(struct message *m, size_t length, int count, const int *fds)
{
	m->iov = (struct iovec) { m->data, length };
	m->header = (struct msghdr) { .msg_iov = &m->iov, .msg_iovlen = 1, .msg_control = m->control,
		.msg_controllen = count < 0 ? sizeof m->control : count == 0 ? 0 : CMSG_LEN(count * sizeof(int)) };
	if (count > 0) {
		struct cmsghdr *cmsg = CMSG_FIRSTHDR(&m->header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
	}
}

static ssize_t receive(int socket, struct message *m, int *fds, int *count)
{
	prepare(m, sizeof m->data, -1, NULL);
	ssize_t length = recvmsg(socket, &m->header, MSG_CMSG_CLOEXEC);
	struct cmsghdr *cmsg = length > 0 ? CMSG_FIRSTHDR(&m->header) : NULL;
	*count = cmsg ? (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (cmsg)
		memcpy(fds, CMSG_DATA(cmsg), *count * sizeof(int));
	return length;
}

static void send_all(const char *path, int count, int fds, int bytes)
{
	static struct message m;
	int numbers[MAX_FDS];
	int socket = dial(path);
	for (int i = 0; i < fds; i++)
		numbers[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	double start = now();
	prepare(&m, bytes, fds, numbers);
	for (int i = 0; i < count; i++)
		if (sendmsg(socket, &m.header, MSG_NOSIGNAL) != bytes)
			fail("sendmsg");
	shutdown(socket, SHUT_WR);
	if (read(socket, m.data, 1) != 0)
		fail("read");
	printf("%f\n", now() - start);
}

static void receive_all(const char *path, long count)
{
	static struct message m;
	int listening = listen_at(path);
	long received = 0;
	double start = 0;
	for (;;) {
		int fds[MAX_FDS];
		int n;
		int socket = accept(listening, NULL, NULL);
		while (receive(socket, &m, fds, &n) > 0) {
			for (int i = 0; i < n; i++)
				close(fds[i]);
			if (received == 0)
				start = now();
			if (++received == count) {
				printf("%f\n", now() - start);
				fflush(stdout);
				received = 0;
			}
		}
		close(socket);
	}
}

static void *serve_one(void *argument)
{
	int socket = (int)(long)argument;
	struct message *m = malloc(sizeof *m);
	int fds[MAX_FDS];
	int n;
	ssize_t length;
	while ((length = receive(socket, m, fds, &n)) > 0) {
		prepare(m, length, n, fds);
		if (sendmsg(socket, &m->header, MSG_NOSIGNAL) != length)
			fail("sendmsg");
		for (int i = 0; i < n; i++)
			close(fds[i]);
	}
	close(socket);
	free(m);
	return NULL;
}

static void serve(const char *path)
{
	int listening = listen_at(path);
	for (;;) {
		pthread_t thread;
		int socket = accept(listening, NULL, NULL);
		pthread_create(&thread, NULL, serve_one, (void *)(long)socket);
		pthread_detach(thread);
	}
}

struct client {
	const char *path;
	int count;
	double *times;
};

static void *request_all(void *argument)
{
	struct client *client = argument;
	struct message *m = malloc(sizeof *m);
	int socket = dial(client->path);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < client->count; i++) {
		int fds[MAX_FDS];
		int n;
		double start = now();
		prepare(m, 64, 1, &null);
		if (sendmsg(socket, &m->header, MSG_NOSIGNAL) != 64 || receive(socket, m, fds, &n) <= 0)
			fail("request");
		for (int j = 0; j < n; j++)
			close(fds[j]);
		client->times[i] = now() - start;
	}
	close(socket);
	free(m);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;
	return (difference > 0) - (difference < 0);
}

static void request(const char *path, int count, int clients)
{
	double *times = calloc((size_t)count * clients, sizeof(double));
	struct client *all = calloc(clients, sizeof *all);
	pthread_t *threads = calloc(clients, sizeof *threads);
	double start = now();
	for (int i = 0; i < clients; i++) {
		all[i] = (struct client) { path, count, times + (size_t)i * count };
		pthread_create(&threads[i], NULL, request_all, &all[i]);
	}
	for (int i = 0; i < clients; i++)
		pthread_join(threads[i], NULL);
	double seconds = now() - start;
	qsort(times, (size_t)count * clients, sizeof(double), compare);
	double requests = (double)count * clients;
	printf("%f %f %f\n", seconds, times[(size_t)(requests * 0.99)] * 1e6, times[(size_t)(requests * 0.999)] * 1e6);
}

static void idle(const char *path, int count)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (int i = 0; i < count; i++)
		dial(path);
	printf("ready\n");
	fflush(stdout);
	while (getchar() != EOF)
		;
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[1], "send"))
		send_all(argv[2], atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
	else if (argc == 4 && !strcmp(argv[1], "receive"))
		receive_all(argv[2], atol(argv[3]));
	else if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(argv[2]);
	else if (argc == 5 && !strcmp(argv[1], "request"))
		request(argv[2], atoi(argv[3]), atoi(argv[4]));
	else if (argc == 4 && !strcmp(argv[1], "idle"))
		idle(argv[2], atoi(argv[3]));
	else
		return 2;
	return 0;
}
