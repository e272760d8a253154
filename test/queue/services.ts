/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePorts } from '../../scripts/lib/ports';
import { end, run, start } from '../../scripts/lib/processes';
import { pause } from '../e2e/rest';

/** What n8n's queue mode stands on, started for one run on loopback ports. */
export interface Services {
	/** Environment for every n8n process. */
	env: NodeJS.ProcessEnv;
	/** Runs statements in n8n's database. */
	sql(statements: string): Promise<void>;
	close(): Promise<void>;
}

const MISSING =
	'The tests in queue mode need PostgreSQL (initdb, postgres), Redis (redis-server) and nginx. On Debian or Ubuntu: ' +
	'apt-get install postgresql redis-server nginx-light. As root the script does that by itself.';
const DATABASE = 'n8n';
const PATIENCE_MS = 60_000;

/** The folder of Debian's newest PostgreSQL, or '' where its programs are on the PATH. */
async function postgresFolder(): Promise<string | undefined> {
	const base = '/usr/lib/postgresql';
	const versions = existsSync(base) ? await readdir(base) : [];
	const newest = versions.map(Number).sort((a, b) => b - a)[0];
	if (newest) return join(base, String(newest), 'bin');
	const folders = (process.env.PATH ?? '').split(delimiter);
	return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

function programNamed(name: string): string | undefined {
	const folders = ['/usr/bin', '/usr/sbin', ...(process.env.PATH ?? '').split(delimiter)];
	return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * Finds the three servers, installing Debian's packages where they are missing and that is possible.
 *
 * @returns undefined where they cannot be had
 */
export async function findServices(): Promise<
	{ postgres: string; redis: string; nginx: string } | { missing: string }
> {
	for (const mayInstall of [true, false]) {
		const postgres = await postgresFolder();
		const redis = programNamed('redis-server');
		const nginx = programNamed('nginx');
		if (postgres !== undefined && redis && nginx) return { postgres, redis, nginx };
		if (!mayInstall || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) break;
		const apt = async (...args: string[]) =>
			await run('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
		try {
			await apt('update');
			const packages = ['postgresql', 'redis-server', 'nginx-light'];
			await apt('install', '-y', '--no-install-recommends', ...packages);
		} catch {
			break;
		}
	}
	return { missing: MISSING };
}

/** Starts PostgreSQL and Redis in a folder; nothing of them outlives `close`. */
export async function startServices(folder: string): Promise<Services> {
	const found = await findServices();
	if ('missing' in found) throw new Error(found.missing);
	const [redisPort, postgresPort] = await freePorts(2);
	const redis = start(found.redis, [
		...['--port', String(redisPort), '--bind', '127.0.0.1'],
		...['--save', '', '--appendonly', 'no', '--dir', folder],
	]);
	drain(redis);
	const data = await mkdtemp(join(tmpdir(), 'n8n-queue-postgres-'));
	let postgres: ChildProcess | undefined;
	const close = async () => {
		await Promise.all([postgres, redis].map(async (child) => child && (await end(child))));
		await rm(data, { recursive: true, force: true });
	};
	try {
		postgres = await startPostgres(found.postgres, data, postgresPort);
		await untilListening(redisPort);
	} catch (error) {
		await close();
		throw Object.assign(new Error('The servers of queue mode did not start'), { cause: error });
	}
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgresPort),
			DB_POSTGRESDB_DATABASE: DATABASE,
			DB_POSTGRESDB_USER: DATABASE,
			DB_POSTGRESDB_PASSWORD: '',
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redisPort),
		},
		async sql(statements) {
			const server = ['-h', '127.0.0.1', '-p', String(postgresPort), '-U', DATABASE, DATABASE];
			const options = ['--no-psqlrc', '--quiet', '-v', 'ON_ERROR_STOP=1', '-c', statements];
			await run(join(found.postgres, 'psql'), [...server, ...options], { cwd: '/' });
		},
		close,
	};
}

/** PostgreSQL refuses to run as root, so root lends it another account of this machine. */
async function startPostgres(bin: string, folder: string, port: number): Promise<ChildProcess> {
	const account = process.getuid?.() === 0 ? await otherAccount() : undefined;
	if (account) await chown(folder, account.uid, account.gid);
	const as = (program: string, args: string[]): [string, string[]] =>
		account
			? [
					'setpriv',
					[
						...[`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'],
						...[join(bin, program), ...args],
					],
				]
			: [join(bin, program), args];
	const locale = ['--encoding=UTF8', '--locale=C'];
	await run(
		...as('initdb', ['-D', folder, '-U', DATABASE, '--auth=trust', '--no-sync', ...locale]),
		{ cwd: '/' },
	);
	const server = start(
		...as('postgres', [
			...['-D', folder, '-p', String(port), '-h', '127.0.0.1', '-k', folder],
			...['-c', 'fsync=off', '-c', 'max_connections=200'],
		]),
		{ cwd: '/' },
	);
	drain(server);
	await untilListening(port);
	await until(async () => {
		await run(
			join(bin, 'createdb'),
			['-h', '127.0.0.1', '-p', String(port), '-U', DATABASE, DATABASE],
			{ cwd: '/' },
		);
		return true;
	});
	return server;
}

async function otherAccount(): Promise<{ uid: number; gid: number }> {
	const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
	const line =
		lines.find(([user]) => user === 'postgres') ?? lines.find(([user]) => user === 'nobody');
	const [, , uid, gid] = line ?? [];
	if (!uid) throw new Error('No account but root to run PostgreSQL as.');
	return { uid: Number(uid), gid: Number(gid) };
}

function drain(child: ChildProcess): void {
	child.stdout?.resume();
	child.stderr?.resume();
}

async function untilListening(port: number): Promise<void> {
	await until(
		async () =>
			await new Promise<boolean>((resolve) => {
				const socket = connect(port, '127.0.0.1');
				socket.once('connect', () => {
					socket.destroy();
					resolve(true);
				});
				socket.once('error', () => resolve(false));
			}),
	);
}

async function until(look: () => Promise<boolean>): Promise<void> {
	let last: unknown = 'not ready';
	for (const limit = Date.now() + PATIENCE_MS; Date.now() < limit; await pause(100)) {
		try {
			if (await look()) return;
		} catch (error) {
			last = error;
		}
	}
	throw new Error('A server for queue mode did not start', { cause: last });
}
