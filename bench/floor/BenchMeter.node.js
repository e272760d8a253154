/** Measures what runs between its first appearance in a workflow ("start") and its second. */
const { readFileSync, writeFileSync } = require('fs');
const { Session } = require('inspector');
const { PerformanceObserver, performance } = require('perf_hooks');
const { setFlagsFromString } = require('v8');

/** Where the kernel doesn't keep the peak itself. */
const LOOK_EVERY_MS = 10;
let running;

// n8n loads its nodes before it runs anything. Node takes this flag on its command line, but not in NODE_OPTIONS.
if (process.env.BENCH_V8_FLAGS) setFlagsFromString(process.env.BENCH_V8_FLAGS);

/**
 * Linux keeps the peak of resident memory, to be begun anew by whoever asks. To look at it every few milliseconds cost a client
 * with much memory on its way up to 5 % of its processor time, and others nothing.
 *
 * @returns what gives the rise since, in bytes
 */
function watchMemory() {
	const before = process.memoryUsage.rss();
	try {
		writeFileSync('/proc/self/clear_refs', '5');
		return () => {
			const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
			return Number(kib) * 1024 - before;
		};
	} catch {
		let peak = before;
		const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
		const timer = setInterval(look, LOOK_EVERY_MS);
		return () => {
			clearInterval(timer);
			look();
			return peak - before;
		};
	}
}

function start(profile) {
	const rise = watchMemory();
	let gcMs = 0;
	const observer = new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) gcMs += duration;
	});
	observer.observe({ entryTypes: ['gc'] });
	const session = profile ? new Session() : undefined;
	session?.connect();
	session?.post('Profiler.enable');
	session?.post('Profiler.setSamplingInterval', { interval: 250 });
	session?.post('Profiler.start');
	const cpu = process.cpuUsage();
	const startedAt = performance.now();
	running = () => {
		const ms = performance.now() - startedAt;
		const { user, system } = process.cpuUsage(cpu);
		session?.post('Profiler.stop', (error, result) => {
			if (!error) writeFileSync(profile, JSON.stringify(result.profile));
		});
		session?.disconnect();
		for (const { duration } of observer.takeRecords()) gcMs += duration;
		observer.disconnect();
		return { ms, cpuMs: (user + system) / 1000, gcMs, rise: rise() };
	};
}

class BenchMeter {
	description = {
		displayName: 'Bench Meter',
		name: 'benchMeter',
		group: ['transform'],
		version: 1,
		description: 'Measures what runs between two of it',
		defaults: { name: 'Bench Meter' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ displayName: 'Moment', name: 'moment', type: 'string', default: 'start' },
			{ displayName: 'Profile', name: 'profile', type: 'string', default: '' },
		],
	};

	async execute() {
		const items = this.getInputData();
		if (this.getNodeParameter('moment', 0) === 'start') {
			start(this.getNodeParameter('profile', 0));
			return [items];
		}
		return [[{ json: { ...running(), items: items.length } }]];
	}
}

module.exports = { BenchMeter };
