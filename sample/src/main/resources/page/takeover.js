/*
 * Has a new process take over, and tells how that goes.
 */

const POLL_MILLIS = 200;
const LIMIT_MILLIS = 150000;

const STEPS = {
	BEGUN: "is starting",
	PASSED: "has the listening socket",
	READY: "is ready",
	SERVING: "answers, as its predecessor does",
	RELEASED: "answers, while its predecessor finishes"
};

export class Takeover {

	#button;
	#progress;

	constructor(button, progress) {
		this.#button = button;
		this.#progress = progress;
		button.addEventListener("click", () => this.#takeOver());
	}

	async #takeOver() {
		this.#button.disabled = true;
		try {
			const { pid } = await json("takeover", { method: "POST", headers: { "Content-Type": "application/json" } });
			this.#show(`Process ${pid} is starting`);
			this.#show(await this.#outcome(pid));
		}
		catch (failure) {
			this.#show(`The take-over failed: ${failure.message}`);
		}
		this.#button.disabled = false;
	}

	async #outcome(pid) {
		for (const begin = Date.now(); Date.now() - begin < LIMIT_MILLIS; ) {
			await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
			const status = await json("takeover");
			const ended = status.history.find((record) => record.newPid === pid);
			if (ended) {
				return ended.outcome === "COMPLETED" ? `Process ${pid} has taken over from process ${ended.oldPid}`
					: `Process ${pid} has failed, and process ${ended.oldPid} goes on. Its log says why`;
			}
			if (STEPS[status.step]) {
				this.#show(`Process ${pid} ${STEPS[status.step]}`);
			}
		}
		throw new Error(`process ${pid} does not answer. Its log says why`);
	}

	#show(text) {
		this.#progress.textContent = text;
	}

}

async function json(address, options) {
	const response = await fetch(address, { cache: "no-store", ...options });
	if (!response.ok) {
		throw new Error(`status ${response.status}`);
	}
	return response.json();
}
