/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

export const projectRoot = resolve(__dirname, '..', '..');

/** The folder of everything that is downloaded or kept between runs; N8N_WECOM_CACHE moves it. */
export function cacheFolder(): string {
	if (process.env.N8N_WECOM_CACHE) return resolve(process.env.N8N_WECOM_CACHE);
	return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'n8n-nodes-wecom-media');
}

/** Eight hex digits that change with the content. */
export function shortHash(content: string | Buffer): string {
	return createHash('sha256').update(content).digest('hex').slice(0, 8);
}

const STAMP = '.complete';

export function isComplete(folder: string): boolean {
	return existsSync(join(folder, STAMP));
}

/**
 * Makes a folder all or nothing: `fill` works in a sibling folder that takes the final name when
 * it is complete. Two processes may do this at once; the first to finish wins, the other throws
 * its copy away. What an interrupted run left behind is removed by the next one.
 */
export async function fillOnce(
	folder: string,
	fill: (folder: string) => Promise<void>,
): Promise<void> {
	if (isComplete(folder)) return;
	await mkdir(dirname(folder), { recursive: true });
	await removeAbandoned(folder);
	const partial = `${folder}.partial-${process.pid}`;
	await rm(partial, { recursive: true, force: true });
	try {
		await mkdir(partial);
		await fill(partial);
		await writeFile(join(partial, STAMP), `${new Date().toISOString()}\n`);
		// A folder without stamp can only be somebody's half copy: it would block the rename.
		if (existsSync(folder) && !isComplete(folder)) await rm(folder, { recursive: true });
		await rename(partial, folder).catch((error: unknown) => {
			if (!isComplete(folder)) throw error;
		});
	} finally {
		await rm(partial, { recursive: true, force: true });
	}
}

async function removeAbandoned(folder: string): Promise<void> {
	const prefix = `${basename(folder)}.partial-`;
	for (const name of await readdir(dirname(folder))) {
		if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue;
		await rm(join(dirname(folder), name), { recursive: true, force: true });
	}
}

/** Whether a process of this id exists, whoever owns it. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
