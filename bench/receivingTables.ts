import type { DecryptResult, FileResult, InboxResult, ReceivingResult } from './receiving';
import { ms, verdict, type Table } from './tables';

/** Targets: MB over idle, times the undecrypted download, calls for 500 messages. */
const MOST_RISE = 64;
const MOST_RATIO = 1.5;
const MOST_CALLS = 3;

const mb = (value: number) => `${value.toFixed(0)} MB`;
const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`;

export function receivingTables(result: ReceivingResult): Table[] {
	return [
		filesTable(result.files),
		decryptTable(result.decrypt),
		inboxTable(result.inbox),
		{
			head: ['what', 'figure'],
			rows: [['a claim in the process that received the push', ms(result.claimMs)]],
		},
	];
}

function filesTable(files: FileResult[]): Table {
	return {
		head: [
			"a bot's file of 100 MB",
			'time',
			'over idle',
			'host silent half way',
			'over idle',
			'target',
		],
		rows: files.map(({ n8n, storage, stalled, ...whole }) => {
			// n8n 2.41 and its database mode hold what they like; theirs is stated.
			const isPromised = n8n.startsWith('2.8.') && storage === 'filesystem';
			const reached = Math.max(whole.rise, stalled?.rise ?? 0) <= MOST_RISE;
			return [
				`n8n ${n8n}, ${storage}`,
				seconds(whole.ms),
				mb(whole.rise),
				stalled ? seconds(stalled.ms) : '',
				stalled ? mb(stalled.rise) : '',
				isPromised ? verdict(`≤ ${MOST_RISE} MB`, reached) : '',
			];
		}),
	};
}

function decryptTable(clients: DecryptResult[]): Table {
	return {
		head: ['100 MB', 'time', 'CPU', 'decrypted / it, time', 'CPU', 'target'],
		rows: clients.map(({ client, oursMs, oursCpu, ...cost }, index) => [
			client,
			ms(cost.ms),
			ms(cost.cpuMs),
			...(index === 0 ? ['', ''] : [oursMs.toFixed(2), oursCpu.toFixed(2)]),
			index === 1 ? verdict(`≤ ${MOST_RATIO}`, Math.max(oursMs, oursCpu) <= MOST_RATIO) : '',
		]),
	};
}

function inboxTable(inbox: InboxResult[]): Table {
	return {
		head: ['customer messages', 'given', 'executions', 'sync calls', 'time', 'over idle', 'target'],
		rows: inbox.map(({ messages, given, executions, syncCalls, rise, ...times }) => [
			String(messages),
			String(given),
			String(executions),
			String(syncCalls),
			seconds(times.ms),
			mb(rise),
			messages > 500 ? '' : verdict(`≤ ${MOST_CALLS} calls`, syncCalls <= MOST_CALLS),
		]),
	};
}
