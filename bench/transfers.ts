import { runScript, startServer, type Server } from './children';
import { MB, noCounts } from './spec';
import type { ChildReport, Role, ServerCounts, TransferSpec } from './spec';
import { median } from './statistics';
import { WARM_UP } from './warmUp';

/** One line of the table: a kind of transfer under one latency. */
export interface TransferCase extends TransferSpec {
	latencyMs: number;
	/** How often each client runs; the table holds medians. */
	rounds: number;
	/** Least ratio (bare time / our time) that is good enough. */
	leastRatio?: number;
	/** Most bytes above a no-op run that are good enough. */
	mostMemory?: number;
}

export interface TransferResult extends TransferCase {
	/** Milliseconds. */
	ours: number;
	bare: number;
	/** Bare time / our time, of the medians: 1 = as fast. */
	ratio: number;
	/** CPU milliseconds per file. */
	oursCpu: number;
	bareCpu: number;
	/** Bytes; the kernel's peak of our whole process minus that of the no-op run. */
	overNoop: number;
	/** Bytes; the highest sample during the transfers minus the memory at their start. */
	rise: number;
	bareRise: number;
	/** Token calls of one of our processes. */
	tokenCalls: number;
	/** Requests for media of one of our processes. */
	mediaCalls: number;
}

const CONCURRENCY = 3;
const SMALL = { files: 300, fileBytes: 200_000, concurrency: CONCURRENCY };
const LARGE = { files: 20, fileBytes: 18 * MB, concurrency: CONCURRENCY };
const IN_FLIGHT = CONCURRENCY * LARGE.fileBytes;

function casesOf(direction: TransferSpec['direction']): TransferCase[] {
	const mostMemory = direction === 'upload' ? 1.5 * IN_FLIGHT : undefined;
	return [
		{ ...SMALL, direction, latencyMs: 0, rounds: 3 },
		{ ...SMALL, direction, latencyMs: 50, rounds: 3, leastRatio: 0.85 },
		{ ...LARGE, direction, latencyMs: 0, rounds: 5, leastRatio: 0.7, mostMemory },
		{ ...LARGE, direction, latencyMs: 50, rounds: 3, mostMemory },
	];
}

export const transferCases = {
	upload: casesOf('upload'),
	download: [
		...casesOf('download'),
		{
			...{ direction: 'download', files: 1, fileBytes: 200 * MB, concurrency: CONCURRENCY },
			...{ latencyMs: 0, rounds: 5, mostMemory: 64 * MB },
		} satisfies TransferCase,
	],
};

/** A no-op run talks to nobody, so the cases that differ in the latency alone share it. */
const NOOP_ROUNDS = 3;
const noopReports = new Map<string, ChildReport[]>();

/**
 * Runs our node, the bare client and the no-op node in turn, each in a process of its own.
 *
 * @param profile folder that CPU profiles of our processes go to
 */
export async function runTransfer(
	spec: TransferCase,
	packageFolder: string,
	profile?: string,
): Promise<TransferResult> {
	const server = await startServer(spec.latencyMs);
	const kind = `${spec.direction} ${spec.files} ${spec.fileBytes}`;
	const noop = noopReports.get(kind) ?? [];
	noopReports.set(kind, noop);
	const reports: Record<Role, ChildReport[]> = { node: [], noop, bare: [] };
	let counts = noCounts();
	const once = async (role: Role) => {
		const script = role === 'bare' ? 'bareClient.ts' : 'engineClient.ts';
		const order = { ...spec, role, baseUrl: server.baseUrl, packageFolder };
		const profiled = role === 'node' ? { ...order, profile } : order;
		reports[role].push(await runScript<ChildReport>(script, profiled));
	};
	try {
		for (let round = 0; round < spec.rounds; round += 1) {
			await once('node');
			counts = await checkedCounts(server, spec);
			await once('bare');
			await checkedCounts(server, spec);
			if (reports.noop.length < NOOP_ROUNDS) await once('noop');
			await server.counts();
		}
	} finally {
		server.stop();
	}
	const of = (role: Role, key: keyof ChildReport) => median(reports[role].map((r) => r[key]));
	const { gettoken = 0, upload = 0, get = 0 } = counts.requests;
	return {
		...spec,
		ours: of('node', 'ms'),
		bare: of('bare', 'ms'),
		ratio: of('bare', 'ms') / of('node', 'ms'),
		oursCpu: of('node', 'cpuMs') / spec.files,
		bareCpu: of('bare', 'cpuMs') / spec.files,
		overNoop: of('node', 'maxRss') - of('noop', 'maxRss'),
		rise: of('node', 'rise'),
		bareRise: of('bare', 'rise'),
		tokenCalls: gettoken,
		mediaCalls: upload + get - WARM_UP.files,
	};
}

/** The server must have seen all the bytes, else nothing was measured. */
async function checkedCounts(server: Server, spec: TransferSpec): Promise<ServerCounts> {
	const counts = await server.counts();
	const moved = spec.direction === 'upload' ? counts.bytesIn : counts.bytesOut;
	if (moved < spec.files * spec.fileBytes) {
		throw new Error(`Only ${moved} bytes went through the server`);
	}
	return counts;
}
