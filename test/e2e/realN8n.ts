/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledN8n } from '../../scripts/lib/n8nInstall';
import { freePort } from '../../scripts/lib/ports';
import { capture, end, kill, start, type RunResult } from '../../scripts/lib/processes';
import { n8nEnvironment } from './n8nEnvironment';
import { N8nRest, pause, type Owner, type WorkflowDefinition } from './rest';

export interface RealN8nOptions {
	/** Where n8n keeps its database, files and community packages. */
	userFolder: string;
	/** The port of the editor; the next free one is taken if it is in use. */
	preferredPort?: number;
	env?: NodeJS.ProcessEnv;
}

export interface CredentialFile {
	id: string;
	name: string;
	type: string;
	data: Record<string, unknown>;
}

/** How long n8n may take to start, in ms: the first start builds its database. */
const START_PATIENCE = 180_000;

/** A real n8n on 127.0.0.1: its command line, its server and its REST interface. */
export class RealN8n {
	/** Known once the server has started. */
	url = '';

	rest = new N8nRest('');

	private server?: ChildProcess;

	private port?: number;

	constructor(
		private readonly installed: InstalledN8n,
		private readonly options: RealN8nOptions,
	) {}

	/** The leader of the server's process group, while it runs. */
	get serverPid(): number | undefined {
		return this.server?.pid;
	}

	get userFolder(): string {
		return this.options.userFolder;
	}

	/** Everything the server has printed, over all its starts in this user folder. */
	get logFile(): string {
		return join(this.options.userFolder, 'n8n.log');
	}

	get databaseFile(): string {
		return join(this.options.userFolder, '.n8n', 'database.sqlite');
	}

	/** The folder that workflows may read files from ("Read/Write Files from Disk"). */
	get filesFolder(): string {
		return join(this.options.userFolder, 'files');
	}

	/** Starts the server and waits until it answers. */
	async start(): Promise<void> {
		await mkdir(this.filesFolder, { recursive: true });
		// A restart keeps the address: webhook URLs that others were given stay right.
		const port = await freePort(this.port ?? this.options.preferredPort);
		this.port = port;
		this.url = `http://127.0.0.1:${port}`;
		this.rest = new N8nRest(this.url);
		const server = await this.spawn(['start'], {
			N8N_PORT: String(port),
			N8N_EDITOR_BASE_URL: `${this.url}/`,
			WEBHOOK_URL: `${this.url}/`,
		});
		this.server = server;
		const log = createWriteStream(this.logFile, { flags: 'a' });
		server.stdout?.pipe(log, { end: false });
		server.stderr?.pipe(log, { end: false });
		server.once('close', () => log.end());
		await this.untilReady(server);
	}

	/** Uses a server that somebody else has started in this user folder, and will stop. */
	async join(url: string, owner: Owner): Promise<void> {
		this.url = url;
		this.rest = new N8nRest(url);
		await this.rest.logIn(owner);
	}

	async stop(): Promise<void> {
		if (this.server) await end(this.server);
		this.server = undefined;
	}

	/** Ends the server as a power cut does: SIGKILL. */
	async kill(): Promise<void> {
		if (this.server) await kill(this.server);
		this.server = undefined;
	}

	/** Resolves when the server ends by itself. */
	async ended(): Promise<void> {
		const { server } = this;
		if (!server || server.exitCode !== null) return;
		await new Promise((resolve) => server.once('close', resolve));
	}

	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8').catch(() => '');
	}

	/** Runs one n8n command to its end. */
	async command(...args: string[]): Promise<RunResult> {
		return await capture(this.installed.node.path, [this.installed.bin, ...args], {
			env: await this.environment(),
		});
	}

	/** Credentials with plain values; those with a known id are replaced. */
	async importCredentials(credentials: CredentialFile[]): Promise<void> {
		await this.importJson('import:credentials', credentials);
	}

	/** Workflows with ids; those with a known id are replaced. */
	async importWorkflows(workflows: Array<WorkflowDefinition & { id: string }>): Promise<void> {
		await this.importJson('import:workflow', workflows);
	}

	/** Runs an imported workflow without the server; gives the exit code and the printed data. */
	async execute(workflowId: string): Promise<RunResult> {
		return await this.command('execute', `--id=${workflowId}`, '--rawOutput');
	}

	private async importJson(command: string, content: object[]): Promise<void> {
		// The command line takes a file; it holds secrets, so it goes where n8n's own secrets are.
		const file = join(this.options.userFolder, `import-${process.pid}.json`);
		await mkdir(this.options.userFolder, { recursive: true });
		await writeFile(file, JSON.stringify(content), { mode: 0o600 });
		try {
			const { code, stdout, stderr } = await this.command(command, `--input=${file}`);
			if (code !== 0) throw new Error(`n8n ${command} failed:\n${stdout}\n${stderr}`);
		} finally {
			await rm(file, { force: true });
		}
	}

	private async spawn(args: string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> {
		return start(this.installed.node.path, [this.installed.bin, ...args], {
			env: { ...(await this.environment()), ...env },
		});
	}

	private async environment(): Promise<NodeJS.ProcessEnv> {
		return {
			...(await n8nEnvironment(this.installed, this.options.userFolder)),
			N8N_RESTRICT_FILE_ACCESS_TO: this.filesFolder,
			...this.options.env,
		};
	}

	private async untilReady(server: ChildProcess): Promise<void> {
		for (const limit = Date.now() + START_PATIENCE; Date.now() < limit; await pause(200)) {
			if (server.exitCode !== null || server.signalCode !== null) break;
			// The editor page comes last; /healthz answers while nodes are still being loaded.
			const ready = await fetch(`${this.url}/rest/settings`).catch(() => undefined);
			if (ready?.ok && (await ready.text()).includes('"userManagement"')) return;
		}
		await this.stop();
		const tail = (await this.log()).trim().split('\n').slice(-20).join('\n');
		throw new Error(`n8n did not start. The end of ${this.logFile}:\n${tail}`);
	}
}
