/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { ChildReport } from './spec';

/** How often the resident memory is looked at, in ms. */
const INTERVAL_MS = 4;

/** Clock, CPU time and memory of one stretch of work. */
export class Meter {
	private before = 0;

	private peak = 0;

	private startedAt = 0;

	private cpu = process.cpuUsage();

	private measured = { ms: 0, cpuMs: 0, rise: 0 };

	private timer?: NodeJS.Timeout;

	start(): void {
		this.before = process.memoryUsage.rss();
		this.peak = this.before;
		this.timer = setInterval(() => this.look(), INTERVAL_MS);
		this.cpu = process.cpuUsage();
		this.startedAt = performance.now();
	}

	stop(): void {
		const ms = performance.now() - this.startedAt;
		const { user, system } = process.cpuUsage(this.cpu);
		clearInterval(this.timer);
		this.look();
		this.measured = { ms, cpuMs: (user + system) / 1000, rise: this.peak - this.before };
	}

	/** The last stretch, and the highest memory since the process began. */
	report(): ChildReport {
		// Kibibytes, on every platform.
		return { ...this.measured, maxRss: process.resourceUsage().maxRSS * 1024 };
	}

	private look(): void {
		this.peak = Math.max(this.peak, process.memoryUsage.rss());
	}
}
