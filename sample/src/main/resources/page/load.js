/*
 * Sends requests as long as the page is open, and tells of each what became of it.
 */

const CLIENTS = 4;
const PAUSE_MILLIS = 8;
const PAUSE_AFTER_FAILURE_MILLIS = 250;
const TIMEOUT_MILLIS = 10000;

export function startLoad(requests) {
	for (let i = 0; i < CLIENTS; i++) {
		client(requests);
	}
}

async function client(requests) {
	for (;;) {
		const begin = performance.now();
		try {
			requests.succeeded(await ask(), performance.now() - begin);
			await pause(PAUSE_MILLIS);
		}
		catch (failure) {
			requests.failed(failure);
			await pause(PAUSE_AFTER_FAILURE_MILLIS);
		}
	}
}

async function ask() {
	const response = await fetch("process", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
	if (!response.ok) {
		throw new Error(`Status ${response.status}`);
	}
	return response.json();
}

function pause(millis) {
	return new Promise((resolve) => setTimeout(resolve, millis));
}
