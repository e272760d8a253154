/* eslint-disable @n8n/community-nodes/no-restricted-imports, no-console -- runs in Node, never inside n8n; collects what is printed */
import './environment';
import { Container } from '@n8n/di';
import { InstanceSettings } from 'n8n-core';
import { format } from 'node:util';
import { Writable } from 'node:stream';
import { serialize } from './leaks';

export interface LogLine {
	level: string;
	/** Message and metadata in one searchable text. */
	text: string;
}

const lines: LogLine[] = [];
const consoleMethods = ['log', 'info', 'warn', 'error', 'debug'] as const;
let restoreConsole: Array<() => void> = [];

/** Every line n8n or a node logged since the last `clearLogs()`, debug lines included. */
export function logLines(): readonly LogLine[] {
	return lines;
}

export function logText(): string {
	return lines.map(({ level, text }) => `${level} ${text}`).join('\n');
}

export function clearLogs(): void {
	lines.length = 0;
}

/** The part of n8n's logger that is needed; its class sits in a package of n8n-core's own. */
interface WinstonBacked {
	getInternalLogger(): { pipe(to: Writable): void };
}

/** Collects what n8n's logger and the console get; the console still prints. Called once. */
export function startCapture(): void {
	const { logger } = Container.get(InstanceSettings) as unknown as { logger: WinstonBacked };
	logger.getInternalLogger().pipe(
		new Writable({
			objectMode: true,
			write(info: { level: string; message: unknown }, _encoding, done) {
				const { level, message, ...metadata } = info;
				lines.push({ level, text: `${String(message)} ${serialize(metadata)}` });
				done();
			},
		}),
	);
	restoreConsole = consoleMethods.map((level) => {
		const original = console[level];
		console[level] = (...parts: unknown[]) => {
			lines.push({ level: `console.${level}`, text: format(...parts) });
			original.apply(console, parts);
		};
		return () => {
			console[level] = original;
		};
	});
}

/** Gives the console back. n8n's logger stays connected: without a reader it would complain. */
export function stopCapture(): void {
	for (const restore of restoreConsole) restore();
	restoreConsole = [];
}
