/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { join } from 'node:path';
import { runScript, startServer } from './children';
import type { BenchServer } from './n8nServer';
import { stepOf, type Client, type Row } from './rows';
import { MB, type ChildReport, type TransferSpec } from './spec';
import { median } from './statistics';
import { WARM_UP } from './warmUp';

/** Medians over the rounds, of one client. */
export interface ClientResult {
	client: Client;
	/** Milliseconds of processor time per file, and per MB. */
	cpuPerFile: number;
	cpuPerMb: number;
	/** MB per second. */
	speed: number;
	/** Share of the processor time that garbage collection takes; NaN for the bare client. */
	gc: number;
	/** Bytes. */
	rise: number;
	/** Ours in relation to this one, within each round: processor time by the byte, and throughput. */
	oursCpu: number;
	oursSpeed: number;
}

/** One run of one client. */
interface Run {
	ms: number;
	cpuMs: number;
	gcMs: number;
	rise: number;
	moves: Pick<TransferSpec, 'files' | 'fileBytes'>;
}

/** A client that is ready. */
interface Runner {
	/** One more run that is not measured. */
	settle(): Promise<void>;
	/** @param profile path of a CPU profile to write; '' for none */
	run(profile: string): Promise<Run>;
}

/**
 * Runs all clients of a row in turn, in the opposite order each round, so that none always comes first. A turn in n8n is two
 * runs, of which the second is measured: what a run leaves behind is collected during the next one, and each client has to
 * pay for itself.
 *
 * @param profile folder for CPU profiles of what runs in n8n
 */
export async function measureRow(
	row: Row,
	rounds: number,
	n8n: BenchServer,
	profile?: string,
): Promise<ClientResult[]> {
	const server = await startServer(row.latencyMs);
	try {
		await n8n.saveCredential('weComCorpApi', {
			...{ corpId: 'ww-made-up-bench', corpSecret: `made-up-${row.name}`, baseUrl: server.baseUrl },
		});
		await n8n.saveCredential('benchFloorApi', { token: 'made-up-bench-token' });
		const clients = [];
		for (const client of row.clients) {
			clients.push({ client, ...(await runnerOf(client, row, server.baseUrl, n8n)) });
		}
		const runs = new Map<Client, Run[]>(row.clients.map((client) => [client, []]));
		for (let round = 0; round < rounds; round += 1) {
			const order = round % 2 === 0 ? clients : [...clients].reverse();
			for (const { client, settle, run } of order) {
				const path = profile ? profileOf(profile, row, client, round) : '';
				await settle();
				await server.counts();
				const result = await run(path);
				const { bytesIn, bytesOut } = await server.counts();
				const moved = row.direction === 'upload' ? bytesIn : bytesOut;
				if (moved < result.moves.files * result.moves.fileBytes) {
					throw new Error(`${client}: only ${moved} bytes went through the server`);
				}
				runs.get(client)?.push(result);
			}
		}
		return row.clients.map((client) => resultOf(client, runs));
	} finally {
		server.stop();
	}
}

function profileOf(folder: string, row: Row, client: Client, round: number): string {
	return join(folder, `${row.name}.${client.replace(/\W+/g, '-')}.${round + 1}.cpuprofile`);
}

/** A server has run for a while, and V8 goes on compiling what is used often: 200 files are not enough. */
const WARM_UPS = 5;

/** Prepares a client and lets it move small files first, so that none is measured while its code is being compiled. */
async function runnerOf(
	client: Client,
	row: Row,
	baseUrl: string,
	n8n: BenchServer,
): Promise<Runner> {
	const isFloor = client.startsWith('floor');
	const moves = (isFloor && row.floorMoves) || { files: row.files, fileBytes: row.fileBytes };
	if (client === 'bare') {
		const order = { ...row, baseUrl };
		return {
			settle: async () => {},
			run: async () => {
				const report = await runScript<ChildReport>('bareClient.ts', order);
				return { ...report, gcMs: Number.NaN, moves };
			},
		};
	}
	const step = stepOf(client, row, baseUrl, n8n);
	const workflow = await n8n.workflow(`${row.name}, ${client}`, row.direction, step);
	for (let nth = 0; nth < WARM_UPS; nth += 1) {
		await workflow({ files: WARM_UP.files, bytes: WARM_UP.fileBytes, profile: '' });
	}
	const moved = async (profile: string) =>
		await workflow({ files: moves.files, bytes: moves.fileBytes, profile });
	// Large files take other ways through the node.
	await moved('');
	return {
		settle: async () => void (await moved('')),
		run: async (profile) => {
			const measured = await moved(profile);
			if (measured.items !== moves.files) {
				throw new Error(`${client}: ${measured.items} of ${moves.files} items came out`);
			}
			return { ...measured, moves };
		},
	};
}

function resultOf(client: Client, all: Map<Client, Run[]>): ClientResult {
	const runs = all.get(client) ?? [];
	const ours = all.get('ours') ?? [];
	const of = (value: (run: Run) => number) => median(runs.map(value));
	const within = (value: (run: Run) => number) =>
		median(runs.map((run, round) => value(ours[round]) / value(run)));
	return {
		client,
		cpuPerFile: of(({ cpuMs, moves }) => cpuMs / moves.files),
		cpuPerMb: of(cpuPerMb),
		speed: of(speed),
		gc: of(({ gcMs, cpuMs }) => gcMs / cpuMs),
		rise: of(({ rise }) => rise),
		oursCpu: within(cpuPerMb),
		oursSpeed: within(speed),
	};
}

const cpuPerMb = ({ cpuMs, moves }: Run) => cpuMs / megabytes(moves);
const speed = ({ ms, moves }: Run) => megabytes(moves) / (ms / 1000);
const megabytes = ({ files, fileBytes }: Run['moves']) => (files * fileBytes) / MB;
