import type { LoadResult } from './load';
import { MB } from './spec';
import type { ClientResult } from './measureRow';
import type { Row, Target } from './rows';
import type { TriggerResult } from './trigger';

/** Head and rows of a table. */
export interface Table {
	head: string[];
	rows: string[][];
}

/** Targets: most ms above an empty process, most bytes of tarball. */
const MOST_LOAD_MS = 60;
const MOST_TARBALL = 150_000;

export const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ms`;
export const inMb = (bytes: number) => `${(bytes / MB).toFixed(0)} MB`;
export const verdict = (target: string, reached: boolean) =>
	`${target} ${reached ? '✓' : '✗ missed'}`;

/** @returns the size in the unit that makes it a round number */
function sizeOf(bytes: number): string {
	return bytes < MB ? `${bytes / 1000} KB` : `${bytes / MB} MB`;
}

export interface RowResult {
	row: Row;
	clients: ClientResult[];
}

/** One line for each client of each row; the targets are those of ours in relation to it. */
export function transferTable(results: RowResult[]): Table {
	const head = [
		...['row', 'files', 'at a time', 'latency', 'client', 'CPU per file', 'CPU per MB', 'MB/s'],
		...['of it GC', 'memory rise', 'our CPU / its', 'target', 'our speed / its', 'target'],
	];
	const lines = results.flatMap(({ row, clients }) => {
		const floors = clients.filter(({ client }) => client.startsWith('floor'));
		const best = floors.reduce<ClientResult | undefined>(
			(least, each) => (least && least.cpuPerMb <= each.cpuPerMb ? least : each),
			undefined,
		);
		return clients.map((each) => {
			const moves = each.client.startsWith('floor') ? (row.floorMoves ?? row) : row;
			const isCompared = each.client !== 'ours';
			const target = each === best ? row.floor : each.client === 'HTTP Request' ? row.http : {};
			return [
				row.name,
				`${moves.files} × ${sizeOf(moves.fileBytes)}`,
				String(Math.min(row.concurrency, moves.files)),
				`${row.latencyMs} ms`,
				each.client,
				ms(each.cpuPerFile),
				`${each.cpuPerMb.toFixed(2)} ms`,
				each.speed.toFixed(1),
				Number.isNaN(each.gc) ? '' : `${(each.gc * 100).toFixed(0)} %`,
				inMb(each.rise),
				isCompared ? each.oursCpu.toFixed(2) : '',
				verdictOn(target, 'cpu', each.oursCpu),
				isCompared ? each.oursSpeed.toFixed(2) : '',
				verdictOn(target, 'speed', each.oursSpeed),
			];
		});
	});
	return { head, rows: lines };
}

function verdictOn(target: Target | undefined, what: keyof Target, value: number): string {
	const limit = target?.[what];
	if (limit === undefined) return '';
	return what === 'cpu'
		? verdict(`≤ ${limit}`, value <= limit)
		: verdict(`≥ ${limit}`, value >= limit);
}

export function triggerTable({ parts }: TriggerResult): Table {
	const rows = parts.map(({ title, trigger, webhook, mostRatio, p99Ratio }) => [
		title,
		...[trigger.cpu, webhook.cpu].map((value) => (Number.isNaN(value) ? '' : ms(value))),
		...[trigger.p50, webhook.p50, trigger.p99, webhook.p99].map(ms),
		p99Ratio.toFixed(2),
		mostRatio ? verdict(`≤ ${mostRatio}`, p99Ratio <= mostRatio) : '',
	]);
	const head = [
		...['callbacks', 'CPU each', 'CPU Webhook'],
		...['p50', 'p50 Webhook', 'p99', 'p99 Webhook', 'p99 ratio', 'target'],
	];
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
