/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/lib/cache';
import { freePort } from '../../scripts/lib/ports';
import { end, start } from '../../scripts/lib/processes';
import { pause } from '../e2e/rest';
import { findServices } from './services';

const PAGE = join(projectRoot, 'docs', 'queue-mode.md');
const PATIENCE_MS = 10_000;

/** The only configuration of nginx that the page of queue mode shows. */
export async function documentedConfiguration(): Promise<string> {
	const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/```nginx\n([^]*?)```/g)];
	if (blocks.length !== 1) throw new Error(`${PAGE} shows ${blocks.length} configurations`);
	return blocks[0][1];
}

/**
 * Runs nginx with the documented configuration, its addresses replaced by those of this run.
 *
 * @param ports of the main process and of both webhook processors
 */
export async function startNginx(ports: { main: number; webhooks: [number, number] }) {
	const found = await findServices();
	if ('missing' in found) throw new Error(found.missing);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-queue-nginx-'));
	const port = await freePort();
	const ours = (await documentedConfiguration())
		.replace('main.internal:5678', `127.0.0.1:${ports.main}`)
		.replace('webhook-1.internal:5678', `127.0.0.1:${ports.webhooks[0]}`)
		.replace('webhook-2.internal:5678', `127.0.0.1:${ports.webhooks[1]}`)
		.replace(/listen 443 ssl;\n(\s*ssl_certificate\S* .*;\n)+/, `listen 127.0.0.1:${port};\n`);
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
	const configuration = `
		daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
		events {}
		http {
			access_log off;
			${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
			${ours}
		}`;
	const file = join(folder, 'nginx.conf');
	await writeFile(file, configuration);
	const child = start(found.nginx, ['-c', file, '-e', join(folder, 'error.log')], {
		cwd: folder,
	});
	let printed = '';
	child.stderr?.on('data', (piece: Buffer) => (printed += piece.toString()));
	const close = async () => {
		await end(child);
		await rm(folder, { recursive: true, force: true });
	};
	for (const limit = Date.now() + PATIENCE_MS; Date.now() < limit; await pause(50)) {
		if (await answers(port)) return { url: `http://127.0.0.1:${port}`, close };
	}
	await close();
	throw new Error(`nginx did not start: ${printed}`);
}

async function answers(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
