/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { join } from 'node:path';

/** Between two samples, in microseconds. */
const INTERVAL_US = 250;

/** CPU profiles of the measured stretches alone: --cpu-prof would mostly show n8n being loaded. */
export class Profiler {
	private readonly session = new Session();

	private count = 0;

	constructor(private readonly folder: string) {
		this.session.connect();
		this.session.post('Profiler.enable');
		this.session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
	}

	start(): void {
		this.session.post('Profiler.start');
	}

	/** Writes what was seen to `<process id>.<count>.cpuprofile`, for a browser's developer tools. */
	stop(): void {
		this.session.post('Profiler.stop', (error, { profile }) => {
			if (error) throw error;
			this.count += 1;
			const name = `${process.pid}.${this.count}.cpuprofile`;
			writeFileSync(join(this.folder, name), JSON.stringify(profile));
		});
	}
}
