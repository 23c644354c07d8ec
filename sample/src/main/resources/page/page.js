import { Chart } from "./chart.js";
import { startLoad } from "./load.js";
import { Requests } from "./requests.js";
import { Takeover } from "./takeover.js";

const NUMBER = new Intl.NumberFormat("en");
const TIME = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const TEXT_MILLIS = 250;

const requests = new Requests();
const chart = new Chart(document.getElementById("chart"), requests);
const rows = new Map();

new Takeover(document.getElementById("takeover"), document.getElementById("progress"));
startLoad(requests);
setInterval(showText, TEXT_MILLIS);
drawChart();

function drawChart() {
	chart.draw();
	requestAnimationFrame(drawChart);
}

function showText() {
	set("requests", NUMBER.format(requests.succeededCount + requests.failedCount));
	set("failed", NUMBER.format(requests.failedCount));
	set("rate", NUMBER.format(requests.rate()));
	set("longest", `${NUMBER.format(Math.ceil(requests.longestMillis))} ms`);
	const failed = document.getElementById("failed");
	failed.classList.toggle("some", requests.failedCount > 0);
	failed.title = requests.lastFailure ? `The last one: ${requests.lastFailure}` : "";
	if (requests.current) {
		showCurrent(requests.current);
	}
	requests.processes.forEach(showProcess);
}

function showCurrent(process) {
	document.querySelector(".answering").style.setProperty("--color", `var(${process.color})`);
	set("pid", `Process ${process.pid}`);
	set("version", process.version);
	set("since", time(process));
}

function showProcess(process) {
	const row = rows.get(process) ?? addRow(process);
	const current = process === requests.current;
	row.classList.toggle("current", current);
	row.querySelector(".number").textContent = NUMBER.format(process.requests);
	row.querySelector(".state").textContent = current ? "answers" : "replaced";
}

function addRow(process) {
	const row = document.createElement("tr");
	row.dataset.pid = process.pid;
	row.style.setProperty("--color", `var(${process.color})`);
	row.innerHTML = `<td class="name"><span class="dot"></span></td><td></td><td></td><td class="number"></td>
		<td><span class="state"></span></td>`;
	row.cells[0].append(process.pid);
	row.cells[1].append(process.version);
	row.cells[2].append(time(process));
	document.getElementById("processes").prepend(row);
	rows.set(process, row);
	return row;
}

function time(process) {
	return TIME.format(new Date(process.since));
}

function set(id, text) {
	const element = document.getElementById(id);
	if (element.textContent !== text) {
		element.textContent = text;
	}
}
