/*
 * Counts requests: in total, by process, and by the part of a second in which they ended.
 */

export const BIN_MILLIS = 250;
const BINS = 130;
const COLORS = 6;

export class Requests {

	processes = [];

	/** The newest process that answers. While it takes over, its predecessor may answer, too. */
	current = null;

	succeededCount = 0;
	failedCount = 0;
	longestMillis = 0;
	lastFailure = null;
	#bins = new Map();

	succeeded(answer, millis) {
		const process = this.#process(answer);
		process.requests++;
		this.succeededCount++;
		this.longestMillis = Math.max(this.longestMillis, millis);
		if (!this.current || new Date(process.since) >= new Date(this.current.since)) {
			this.current = process;
		}
		const counts = this.#bin(Date.now()).counts;
		counts.set(process, (counts.get(process) ?? 0) + 1);
	}

	failed(failure) {
		this.failedCount++;
		this.lastFailure = failure;
		this.#bin(Date.now()).failed++;
	}

	/** What ended in a part of a second, counted since 1970. */
	bin(number) {
		return this.#bins.get(number);
	}

	/** Requests a second, of the last second that is over. */
	rate() {
		const last = Math.floor(Date.now() / BIN_MILLIS) - 1;
		const count = 1000 / BIN_MILLIS;
		let sum = 0;
		for (let number = last; number > last - count; number--) {
			for (const value of this.bin(number)?.counts.values() ?? []) {
				sum += value;
			}
		}
		return sum;
	}

	#process(answer) {
		let process = this.processes.find((known) => known.pid === answer.pid && known.since === answer.since);
		if (!process) {
			const color = `--process-${this.processes.length % COLORS}`;
			process = { ...answer, requests: 0, color, bin: Math.floor(Date.now() / BIN_MILLIS) };
			this.processes.push(process);
		}
		return process;
	}

	#bin(millis) {
		const number = Math.floor(millis / BIN_MILLIS);
		let bin = this.#bins.get(number);
		if (!bin) {
			bin = { counts: new Map(), failed: 0 };
			this.#bins.set(number, bin);
			this.#bins.forEach((value, old) => old < number - BINS && this.#bins.delete(old));
		}
		return bin;
	}

}
