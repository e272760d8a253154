/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */

import { cut } from './table';

/** Says how far a step has come, e.g. "412 of 2082 packages". */
export type Progress = (note: string) => void;

/** How often a step that takes long says so where the line cannot be overwritten, in ms. */
const REPEAT_WITHOUT_TERMINAL = 15_000;

/**
 * Numbered steps with the seconds each takes. On a terminal the running step's line is rewritten
 * every second; in a log a step that takes long repeats its line every 15 seconds.
 */
export class Steps {
	private current = 0;

	private readonly live = process.stdout.isTTY === true;

	constructor(private readonly total: number) {}

	/** Runs one step; what `work` returns (if it is a string) is shown as its result. */
	async run<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
		this.current += 1;
		const label = `[${this.current}/${this.total}] ${title}`;
		const started = Date.now();
		const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
		let note = '';
		const line = () => `${label} … ${note ? `${note}, ` : ''}${seconds()}`;
		// A line that wraps cannot be taken back: the terminal would fill with copies of it.
		const fitting = () => cut(line(), (process.stdout.columns || 80) - 1);
		const show = () =>
			this.live ? process.stdout.write(`\r\x1b[K${fitting()}`) : console.log(line());
		if (this.live) show();
		else console.log(`${label} …`);
		const timer = setInterval(show, this.live ? 1000 : REPEAT_WITHOUT_TERMINAL);
		const clear = this.live ? '\r\x1b[K' : '';
		let outcome = ': failed';
		try {
			const result = await work((text) => {
				note = text;
			});
			outcome = typeof result === 'string' ? `: ${result}` : '';
			return result;
		} finally {
			clearInterval(timer);
			console.log(`${clear}${label}${outcome} (${seconds()})`);
		}
	}
}
