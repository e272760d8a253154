/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { buildPackage } from '../../scripts/lib/packageTarball';
import { installN8n } from '../../scripts/lib/n8nInstall';
import { endAll } from '../../scripts/lib/processes';
import { table } from '../../scripts/lib/table';
import type { ActiveWorkflow } from '../e2e/activeWorkflow';
import { pause } from '../e2e/rest';
import { N8N_VERSION, startWorld, type World } from '../e2e/world';
import { startDownstream, type Downstream } from '../queue/downstream';
import { startLinkHost } from '../simulator';
import { gauge, median, type Gauge } from './gauges';
import { nextTrouble } from './troubles';
import { LARGE_BYTES, saveWorkflows, type SoakWorkflows } from './workflows';

const DEFAULT_MINUTES = 30;
/** Work that is started at a time, in ms between two starts. */
const ROUND_TRIP_MS = 500;
const LARGE_MS = 5_000;
const TROUBLE_MS = 3_000;
const GAUGE_MS = 5_000;
/** Starting pauses while so many executions are under way. */
const MOST_RUNNING = 15;
const ENDS_WITHIN_MS = 180_000;
/** What the last quarter may hold above the second: caches fill, garbage is collected when n8n likes. */
const GROWTH = { memory: 60, handles: 20, temporary: 5 };

async function main(minutes: number): Promise<boolean> {
	await buildPackage();
	await installN8n(N8N_VERSION, (progress) => console.log(progress));
	const world = await startWorld();
	const host = await startLinkHost();
	const downstream = await startDownstream();
	try {
		const workflows = await saveWorkflows(world, host, downstream);
		console.log(`n8n ${N8N_VERSION} works for ${minutes} minutes …`);
		const { expected, larges, gauges, troubles } = await work(world, workflows, minutes * 60_000);
		await settle(world, Object.values(workflows));
		const problems = [
			...(await roundTripBooks(world, workflows, downstream, expected)),
			...(await largeBooks(world, workflows, downstream, larges)),
			...growth(gauges),
		];
		console.log(
			`\n${table(
				['trouble', 'times'],
				[...troubles].map(([name, n]) => [name, `${n}`]),
			)}`,
		);
		console.log(problems.length > 0 ? `\n${problems.join('\n')}` : '\nThe books agree.');
		return problems.length === 0;
	} finally {
		await downstream.close();
		await host.close();
		await world.close();
	}
}

/** Starts work until the time is over; gives what must come out of it. */
async function work(world: World, { roundTrip, large }: SoakWorkflows, lengthMs: number) {
	const expected = new Map<string, number>();
	const gauges: Gauge[] = [];
	const troubles = new Map<string, number>();
	const due = { roundTrip: 0, large: 0, trouble: TROUBLE_MS, gauge: GAUGE_MS };
	let [larges, turn, ms] = [0, 0, 0];
	const began = Date.now();
	for (; ms < lengthMs; ms = Date.now() - began) {
		const running = await world.rest.countExecutions(roundTrip.workflow.id, 'running', 'new');
		if (ms >= due.roundTrip && running < MOST_RUNNING) {
			due.roundTrip = ms + ROUND_TRIP_MS;
			const key = `r${expected.size + 1}`;
			// From some bytes to some hundred thousand, the same in every run.
			const times = 1 + ((expected.size * 7919) % 12_000);
			expected.set(key, times * Buffer.byteLength(`${key} 季度报告 `));
			await start(roundTrip, { key, times });
		}
		if (ms >= due.large) {
			due.large = ms + LARGE_MS;
			larges += 1;
			await start(large, { key: `l${larges}` });
		}
		if (ms >= due.trouble) {
			due.trouble = ms + TROUBLE_MS;
			const name = nextTrouble(world.simulator, turn++);
			troubles.set(name, (troubles.get(name) ?? 0) + 1);
		}
		if (ms >= due.gauge) {
			due.gauge = ms + GAUGE_MS;
			gauges.push(await gauge(world.n8n.serverPid ?? 0, world.n8n.userFolder));
		}
		await pause(50);
	}
	return { expected, larges, gauges, troubles };
}

async function start({ url }: ActiveWorkflow, body: object): Promise<void> {
	const answer = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', connection: 'close' },
		body: JSON.stringify(body),
	});
	if (answer.status !== 200) throw new Error(`n8n answered ${answer.status}`);
}

async function settle({ rest, simulator }: World, workflows: ActiveWorkflow[]): Promise<void> {
	simulator.faults.clear();
	await simulator.jobs.settled();
	for (let waited = 0; waited < ENDS_WITHIN_MS; waited += 1_000) {
		const counts = workflows.map(
			async ({ workflow }) => await rest.countExecutions(workflow.id, 'running', 'new', 'waiting'),
		);
		if ((await Promise.all(counts)).every((count) => count === 0)) return;
		await pause(1_000);
	}
	throw new Error('Executions did not end');
}

/** Each file arrived once in the chat, byte for byte as long as it was made, or its execution says why not. */
async function roundTripBooks(
	{ rest, simulator }: World,
	{ roundTrip }: SoakWorkflows,
	{ counts }: Downstream,
	expected: Map<string, number>,
): Promise<string[]> {
	const problems: string[] = [];
	const messages = new Map<string, number[]>();
	for (const { via, media } of simulator.state.messages) {
		if (via !== 'appChat' || !media) continue;
		const key = media.fileName.replace(/\.txt$/, '');
		messages.set(key, [...(messages.get(key) ?? []), media.bytes.length]);
	}
	let arrived = 0;
	for (const [key, size] of expected) {
		const sizes = messages.get(key) ?? [];
		const downstream = counts.get(`${key} ${size}`) ?? 0;
		arrived += downstream;
		if (sizes.length > 1) problems.push(`${key} was sent ${sizes.length} times`);
		if (sizes.some((each) => each !== size))
			problems.push(`${key}: ${sizes[0]} bytes, not ${size}`);
		if (downstream > 1) problems.push(`${key} went on ${downstream} times`);
		if (downstream === 1 && sizes.length === 0) problems.push(`${key} went on, but was not sent`);
	}
	const { id } = roundTrip.workflow;
	const succeeded = await rest.countExecutions(id, 'success');
	const failed = await rest.countExecutions(id, 'error', 'crashed');
	const sent = [...messages.values()].flat();
	console.log(
		`\n${table(
			['round trips', ''],
			[
				['started', `${expected.size}`],
				['executions that succeeded', `${succeeded}`],
				['executions that failed, their message perhaps sent', `${failed}`],
				['went on downstream', `${arrived}`],
				['messages with a file in the chat', `${sent.length}`],
				['bytes in the chat', `${sent.reduce((sum, size) => sum + size, 0)}`],
			],
		)}`,
	);
	if (succeeded + failed !== expected.size) problems.push('executions and starts differ in number');
	if (arrived !== succeeded) problems.push('successful executions and arrivals differ in number');
	return problems;
}

/** Each job that WeCom has done went on once. */
async function largeBooks(
	{ rest, simulator }: World,
	{ large, finished }: SoakWorkflows,
	{ counts }: Downstream,
	started: number,
): Promise<string[]> {
	const problems: string[] = [];
	const jobs = [...simulator.state.jobs.values()];
	let compared = 0;
	for (const { jobId, status, mediaId } of jobs) {
		const times = counts.get(`${jobId} ${status === 2 ? 'done' : 'failed'}`) ?? 0;
		if (times !== 1) problems.push(`${jobId} went on ${times} times`);
		// The simulator compared the MD5 before it called a job done; it keeps the newest files only.
		const kept = simulator.state.media.get(mediaId ?? '');
		if (!kept) continue;
		compared += 1;
		const bytes = kept.bytes.length;
		if (bytes !== LARGE_BYTES) problems.push(`${jobId}: ${bytes} bytes, not ${LARGE_BYTES}`);
	}
	if (jobs.length > 0 && compared === 0) problems.push('no large file is left to compare');
	const submitted = await rest.countExecutions(large.workflow.id, 'success');
	const unknown = await rest.countExecutions(large.workflow.id, 'error', 'crashed');
	const given = await rest.countExecutions(finished.workflow.id, 'success');
	console.log(
		`\n${table(
			['large uploads', ''],
			[
				['started', `${started}`],
				['submitted', `${submitted}`],
				['executions that failed', `${unknown}`],
				['jobs that WeCom ended', `${jobs.length}`],
				['files compared by size', `${compared}`],
				['executions of the trigger', `${given}`],
			],
		)}`,
	);
	if (submitted + unknown !== started) problems.push('large uploads and starts differ in number');
	if (jobs.length < submitted) problems.push('a submitted job is unknown to WeCom');
	return problems;
}

/** The last quarter beside the second: the first fills caches. */
function growth(gauges: Gauge[]): string[] {
	const quarter = Math.floor(gauges.length / 4);
	const before = median(gauges.slice(quarter, 2 * quarter));
	const after = median(gauges.slice(3 * quarter));
	const rows = (['memory', 'handles', 'temporary'] as const).map((name) => ({
		name,
		before: before[name],
		after: after[name],
		tooMuch: after[name] - before[name] > GROWTH[name],
	}));
	console.log(
		`\n${table(
			['median of a quarter', 'second', 'last'],
			rows.map((row) => [row.name, `${row.before}`, `${row.after}`]),
		)}`,
	);
	return rows.filter(({ tooMuch }) => tooMuch).map(({ name }) => `${name} grows`);
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(name, () => void endAll().then(() => process.exit(130)));
}
main(Number(process.argv[2] ?? DEFAULT_MINUTES)).then(
	(agrees) => {
		process.exitCode = agrees ? 0 : 1;
	},
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
