/*
 * Draws the requests of the last half minute: a stack of bars, with a color for each
 * process, and those that failed on top.
 */

import { BIN_MILLIS } from "./requests.js";

const SECONDS = 30;
const PER_SECOND = 1000 / BIN_MILLIS;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 22;
const GAP = 1.5;

export class Chart {

	#canvas;
	#requests;
	#top = 50;

	constructor(canvas, requests) {
		this.#canvas = canvas;
		this.#requests = requests;
	}

	draw() {
		const ratio = window.devicePixelRatio || 1;
		const width = this.#canvas.clientWidth;
		const height = this.#canvas.clientHeight;
		if (this.#canvas.width !== Math.round(width * ratio) || this.#canvas.height !== Math.round(height * ratio)) {
			this.#canvas.width = Math.round(width * ratio);
			this.#canvas.height = Math.round(height * ratio);
		}
		const area = new Area(this.#canvas, ratio, width, height);
		this.#scale();
		area.grid(this.#top);
		const now = Date.now();
		const last = Math.floor(now / BIN_MILLIS) - 1;
		for (let number = last; number >= last - SECONDS * PER_SECOND; number--) {
			area.bars(this.#requests.bin(number), (now - number * BIN_MILLIS) / 1000 - 1 / PER_SECOND, this.#top);
		}
		this.#requests.processes.forEach((process) => area.mark(process, (now - process.bin * BIN_MILLIS) / 1000));
	}

	/** The scale follows the largest bar, smoothly. */
	#scale() {
		const last = Math.floor(Date.now() / BIN_MILLIS) - 1;
		let largest = 40;
		for (let number = last; number > last - SECONDS * PER_SECOND; number--) {
			const bin = this.#requests.bin(number);
			if (bin) {
				const sum = [...bin.counts.values()].reduce((one, other) => one + other, bin.failed);
				largest = Math.max(largest, sum * PER_SECOND);
			}
		}
		this.#top += (largest * 1.12 - this.#top) * 0.08;
	}

}

/** The surface, with its origin in the upper left corner. */
class Area {

	constructor(canvas, ratio, width, height) {
		this.style = getComputedStyle(canvas);
		this.width = width;
		this.base = height - BOTTOM;
		this.context = canvas.getContext("2d");
		this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
		this.context.clearRect(0, 0, width, height);
		this.context.font = `12px ${this.style.fontFamily}`;
	}

	color(name) {
		return this.style.getPropertyValue(name);
	}

	x(secondsAgo) {
		return this.width - (secondsAgo / SECONDS) * (this.width - LEFT);
	}

	y(rate, top) {
		return this.base - (rate / top) * (this.base - TOP);
	}

	grid(top) {
		const { context } = this;
		const step = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((value) => top / value <= 5) ?? 10000;
		context.fillStyle = this.color("--faint");
		context.strokeStyle = this.color("--grid");
		context.textAlign = "right";
		context.textBaseline = "middle";
		for (let rate = 0; rate <= top; rate += step) {
			const y = Math.round(this.y(rate, top)) + 0.5;
			context.beginPath();
			context.moveTo(LEFT, y);
			context.lineTo(this.width, y);
			context.stroke();
			context.fillText(rate, LEFT - 10, y);
		}
		context.textBaseline = "alphabetic";
		for (let seconds = 0; seconds <= SECONDS; seconds += 10) {
			context.textAlign = seconds === 0 ? "right" : seconds === SECONDS ? "left" : "center";
			context.fillText(seconds === 0 ? "now" : `${seconds} s ago`, this.x(seconds), this.base + 18);
		}
	}

	bars(bin, secondsAgo, top) {
		if (!bin) {
			return;
		}
		let sum = 0;
		bin.counts.forEach((count, process) => {
			this.#bar(secondsAgo, sum, count, top, this.color(process.color));
			sum += count;
		});
		if (bin.failed > 0) {
			// A single failure has to be seen, too
			this.#bar(secondsAgo, sum, Math.max(bin.failed, (top / PER_SECOND) * 0.03), top, this.color("--failed"));
		}
	}

	#bar(secondsAgo, from, count, top, color) {
		const right = this.x(secondsAgo);
		const left = Math.max(LEFT, this.x(secondsAgo + 1 / PER_SECOND) + GAP);
		const lower = this.y(from * PER_SECOND, top);
		const upper = this.y((from + count) * PER_SECOND, top);
		if (right > left) {
			this.context.fillStyle = color;
			this.context.fillRect(left, upper, right - left, lower - upper);
		}
	}

	/** The left edge of the first bar of a process. */
	mark(process, secondsAgo) {
		const x = Math.round(this.x(secondsAgo)) + 0.5;
		if (x < LEFT) {
			return;
		}
		const { context } = this;
		context.strokeStyle = context.fillStyle = this.color(process.color);
		context.setLineDash([3, 3]);
		context.beginPath();
		context.moveTo(x, 4);
		context.lineTo(x, this.base);
		context.stroke();
		context.setLineDash([]);
		const label = String(process.pid);
		const room = x + 8 + context.measureText(label).width < this.width;
		context.textAlign = room ? "left" : "right";
		context.fillText(label, room ? x + 6 : x - 6, 14);
	}

}
