/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetPeak, largestOf } from '../../scripts/lib/groupMemory';
import { installN8n, type InstalledN8n } from '../../scripts/lib/n8nInstall';
import { packPackage, unpackPackage } from '../../scripts/lib/packageTarball';
import { freePorts } from '../../scripts/lib/ports';
import { end, signal, start } from '../../scripts/lib/processes';
import { n8nEnvironment } from '../e2e/n8nEnvironment';
import { N8nRest, pause } from '../e2e/rest';
import { N8N_VERSION, OWNER } from '../e2e/world';
import { startBalancer, type Balancer } from './balancer';
import { startServices } from './services';

export type BinaryMode = 'filesystem' | 'database';
export type Role = 'main' | 'worker' | 'webhook';

const COMMAND: Record<Role, string> = { main: 'start', worker: 'worker', webhook: 'webhook' };
const START_PATIENCE_MS = 180_000;
/** Jobs a worker takes at once. */
const WORKER_CONCURRENCY = 5;

/** One n8n process with its own user folder, in which the packed nodes lie. */
export class Member {
	private child?: ChildProcess;

	constructor(
		readonly role: Role,
		readonly name: string,
		/** Where it listens: the editor, a webhook processor's URLs, a worker's health check. */
		readonly port: number,
		private readonly folder: string,
		private readonly installed: InstalledN8n,
		private readonly env: () => Promise<NodeJS.ProcessEnv>,
	) {}

	get isDead(): boolean {
		const { child } = this;
		return !child || child.exitCode !== null || child.signalCode !== null;
	}

	/** Starts it and waits until it is ready. */
	async start(): Promise<void> {
		const args = this.role === 'worker' ? [`--concurrency=${WORKER_CONCURRENCY}`] : [];
		const child = start(
			this.installed.node.path,
			[this.installed.bin, COMMAND[this.role], ...args],
			{ env: await this.env() },
		);
		this.child = child;
		const log = createWriteStream(this.logFile, { flags: 'a' });
		child.stdout?.pipe(log, { end: false });
		child.stderr?.pipe(log, { end: false });
		child.once('close', () => log.end());
		await this.untilReady(child);
	}

	/** SIGTERM as an operator's restart sends it, or SIGKILL as the kernel does; resolves when it is gone. */
	async die(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
		const { child } = this;
		if (!child) return;
		const gone = new Promise((resolve) => child.once('close', resolve));
		if (child.exitCode === null && child.signalCode === null) {
			signal(child, name);
			await gone;
		}
		this.child = undefined;
	}

	async stop(): Promise<void> {
		if (this.child) await end(this.child);
		this.child = undefined;
	}

	/** The most memory it has held so far, in MB (Linux only; elsewhere 0); `anew` counts from what it holds now. */
	async peakMemory(anew: boolean): Promise<number> {
		const found = await largestOf(this.child?.pid);
		if (found && anew) await forgetPeak(found);
		return Math.round((anew ? found?.memory : found?.peak) ?? 0);
	}

	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8').catch(() => '');
	}

	private get logFile(): string {
		return join(this.folder, 'n8n.log');
	}

	private async untilReady(child: ChildProcess): Promise<void> {
		for (const limit = Date.now() + START_PATIENCE_MS; Date.now() < limit; await pause(200)) {
			if (child.exitCode !== null || child.signalCode !== null) break;
			const path = this.role === 'main' ? 'rest/settings' : 'healthz/readiness';
			const answer = await fetch(`http://127.0.0.1:${this.port}/${path}`).catch(() => undefined);
			if (!answer?.ok) continue;
			const text = await answer.text();
			if (this.role !== 'main' || text.includes('"userManagement"')) return;
		}
		await this.stop();
		const tail = (await this.log()).trim().split('\n').slice(-20).join('\n');
		throw new Error(`The ${this.name} did not start. The end of its log:\n${tail}`);
	}
}

/** n8n in queue mode: Postgres, Redis, one main, two workers, two webhook processors behind a balancer. */
export interface Cluster {
	version: string;
	rest: N8nRest;
	main: Member;
	workers: Member[];
	processors: Member[];
	/** Spreads webhook calls over both processors. */
	balancer: Balancer;
	/** Puts a file where every worker's "Read/Write Files from Disk" may read it; gives its path. */
	addFile(name: string, bytes: Buffer): Promise<string>;
	/** The most memory each process has held so far, in MB by its name; `anew` gives what each holds now, and counts from there. */
	peaks(anew?: boolean): Promise<Record<string, number>>;
	/** Runs statements in n8n's database. */
	sql(statements: string): Promise<void>;
	/** Starts what has died, and gives webhook calls to both processors. */
	revive(): Promise<void>;
	close(): Promise<void>;
}

export async function startCluster({ binaryMode }: { binaryMode: BinaryMode }): Promise<Cluster> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-queue-'));
	const closing: Array<() => Promise<unknown>> = [
		async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }),
	];
	const close = async () => {
		for (const step of closing.reverse()) await step();
	};
	try {
		const installed = await installN8n(N8N_VERSION, () => {});
		const tarball = process.env.WECOM_E2E_TARBALL ?? (await packPackage(folder));
		const services = await startServices(folder);
		closing.push(services.close);
		const ports = await freePorts(5);
		const balancer = await startBalancer(ports.slice(3));
		closing.push(balancer.close);
		const [storage, files] = [join(folder, 'storage'), join(folder, 'files')];
		for (const each of [storage, files]) await mkdir(each, { recursive: true });
		const common: NodeJS.ProcessEnv = {
			...services.env,
			...binaryEnvironment(binaryMode, storage),
			N8N_RESTRICT_FILE_ACCESS_TO: files,
			N8N_ENCRYPTION_KEY: 'made-up-key-of-the-queue-tests',
			WEBHOOK_URL: `${balancer.url}/`,
			N8N_WEBHOOK_URL: `${balancer.url}/`,
			N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		};
		const member = async (role: Role, index: number, port: number): Promise<Member> => {
			const name = `${role}-${index}`;
			const home = join(folder, name);
			await unpackPackage(tarball, home);
			return new Member(role, name, port, home, installed, async () => ({
				...(await n8nEnvironment(installed, home)),
				...common,
				...(role === 'worker'
					? { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) }
					: { N8N_PORT: String(port), N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}/` }),
			}));
		};
		const main = await member('main', 1, ports[0]);
		const workers = [await member('worker', 1, ports[1]), await member('worker', 2, ports[2])];
		const processors = [await member('webhook', 1, ports[3]), await member('webhook', 2, ports[4])];
		const all = [main, ...workers, ...processors];
		closing.push(async () => await Promise.all(all.map(async (each) => await each.stop())));
		// The first start builds the database, which no other process may meet half done.
		await main.start();
		const rest = new N8nRest(`http://127.0.0.1:${main.port}`);
		await rest.logIn(OWNER);
		await Promise.all([...workers, ...processors].map(async (each) => await each.start()));
		return {
			version: N8N_VERSION,
			rest,
			main,
			workers,
			processors,
			balancer,
			async addFile(name, bytes) {
				const path = join(files, name);
				await writeFile(path, bytes);
				return path;
			},
			async peaks(anew = false) {
				const entries = all.map(async (each) => [each.name, await each.peakMemory(anew)] as const);
				return Object.fromEntries(await Promise.all(entries));
			},
			sql: services.sql,
			async revive() {
				await Promise.all(
					all.filter(({ isDead }) => isDead).map(async (each) => await each.start()),
				);
				balancer.targets = processors.map(({ port }) => port);
			},
			close,
		};
	} catch (error) {
		await close();
		throw Object.assign(new Error('The cluster did not start'), { cause: error });
	}
}

function binaryEnvironment(mode: BinaryMode, storage: string): NodeJS.ProcessEnv {
	if (mode === 'database') return { N8N_DEFAULT_BINARY_DATA_MODE: 'database' };
	return {
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		// The first name is that of n8n up to 2.x, the second that of later ones.
		N8N_BINARY_DATA_STORAGE_PATH: storage,
		N8N_STORAGE_PATH: storage,
	};
}
