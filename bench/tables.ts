import type { LoadResult } from './load';
import { MB } from './spec';
import type { TransferResult } from './transfers';
import type { TriggerResult } from './trigger';

/** Head and rows of a table. */
export interface Table {
	head: string[];
	rows: string[][];
}

/** Targets: most ms above an empty process, most bytes of tarball. */
const MOST_LOAD_MS = 60;
const MOST_TARBALL = 150_000;

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
const inMb = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
const verdict = (target: string, reached: boolean) => `${target} ${reached ? '✓' : '✗ missed'}`;

/** @returns the size in the unit that makes it a round number */
function sizeOf(bytes: number): string {
	return bytes < MB ? `${bytes / 1000} KB` : `${bytes / MB} MB`;
}

export function transferTable(results: TransferResult[]): Table {
	const head = [
		...['files', 'at a time', 'latency', 'node', 'bare', 'ratio', 'target', 'CPU per file, node'],
		...['bare', 'peak over no-op', 'target', 'rise during the run', 'requests', 'token calls'],
	];
	const rows = results.map((result) => {
		const { leastRatio, mostMemory, ratio, overNoop } = result;
		return [
			`${result.files} × ${sizeOf(result.fileBytes)}`,
			String(Math.min(result.concurrency, result.files)),
			`${result.latencyMs} ms`,
			ms(result.ours),
			ms(result.bare),
			ratio.toFixed(2),
			leastRatio ? verdict(`≥ ${leastRatio}`, ratio >= leastRatio) : '',
			ms(result.oursCpu),
			ms(result.bareCpu),
			inMb(overNoop),
			mostMemory ? verdict(`≤ ${inMb(mostMemory)}`, overNoop <= mostMemory) : '',
			inMb(result.rise),
			String(result.mediaCalls),
			String(result.tokenCalls),
		];
	});
	return { head, rows };
}

export function triggerTable({ parts }: TriggerResult): Table {
	const rows = parts.map(({ title, trigger, webhook, mostRatio }) => {
		const ratio = trigger.p99 / webhook.p99;
		return [
			title,
			...[trigger.p50, webhook.p50, trigger.p99, webhook.p99].map(ms),
			ratio.toFixed(2),
			mostRatio ? verdict(`≤ ${mostRatio}`, ratio <= mostRatio) : '',
		];
	});
	const head = ['callbacks', 'p50', 'p50 Webhook', 'p99', 'p99 Webhook', 'p99 ratio', 'target'];
	return { head, rows };
}

export function executionTable(result: TriggerResult): Table {
	const { sent, executions, lost, doubled } = result;
	const exact = lost === 0 && doubled === 0 && executions.trigger === sent.trigger;
	return {
		head: ['', 'jobs or requests', 'executions', 'lost', 'doubled', 'answers not 200', 'target'],
		rows: [
			[
				`trigger (${result.repeated} jobs announced twice)`,
				...[sent.trigger, executions.trigger, lost, doubled, result.failed].map(String),
				verdict('each job once', exact),
			],
			['Webhook node', String(sent.webhook), String(executions.webhook), '', '', '', ''],
		],
	};
}

export function loadTable(result: LoadResult): Table {
	const own = result.withPackage - result.host;
	const all = result.withPackage - result.empty;
	const { tarball } = result;
	return {
		head: ['what', 'figure', 'target'],
		rows: [
			['an empty Node process', ms(result.empty), ''],
			['n8n-workflow, which the host has always loaded', `+ ${ms(result.host - result.empty)}`, ''],
			[
				`all nodes and credentials (${result.files} files) on top of it`,
				`+ ${ms(own)}`,
				verdict(`< ${MOST_LOAD_MS} ms`, own < MOST_LOAD_MS),
			],
			['both over the empty process', `+ ${ms(all)}`, ''],
			[
				'tarball',
				`${(tarball / 1000).toFixed(1)} KB`,
				verdict(`< ${MOST_TARBALL / 1000} KB`, tarball < MOST_TARBALL),
			],
		],
	};
}
