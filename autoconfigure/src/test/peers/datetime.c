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
 * Both halves of a date-time server: the main server, which accepts TCP connections and
 * passes each on, and the second process, which answers them.
 *
 * datetime connect|listen PATH STEP...
 *
 * pass=N      print the port, accept so many TCP connections, and pass each with one byte;
 *             its own copy is closed before it says so
 * reply       receive TCP connections until the other side closes, write the date and time
 *             into each, and close it
 * wait, drained, end, bytes=TEXT, shut, next, open=FILE    as script.h has it
 */

#include "script.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <time.h>

static int listen_on_any_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int server = CHECK(socket(AF_INET, SOCK_STREAM, 0));
	CHECK(bind(server, (struct sockaddr *) &address, length));
	CHECK(listen(server, 8));
	CHECK(getsockname(server, (struct sockaddr *) &address, &length));
	printf("%d\n", ntohs(address.sin_port));
	return server;
}

static void pass_connections(int connection, int number)
{
	int server = listen_on_any_port();
	while (number-- > 0) {
		int client = CHECK(accept(server, NULL, NULL));
		send_with(connection, "", 1, &client, 1);
		close(client);
		puts("passed and closed");
	}
	close(server);
}

static void answer(int connection)
{
	char byte;
	int client;
	while (receive_with(connection, &byte, 1, &client) > 0) {
		char text[64];
		time_t now = time(NULL);
		size_t length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ, says C\n", gmtime(&now));
		CHECK(write(client, text, length));
		close(client);
	}
}

static void step(int connection, const char *name, char *argument)
{
	if (strcmp(name, "pass") == 0) {
		pass_connections(connection, atoi(argument));
	} else if (strcmp(name, "reply") == 0) {
		answer(connection);
	} else {
		printf("unknown step %s\n", name);
		exit(2);
	}
}
