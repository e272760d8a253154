/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { animatedPng, type Frame } from './lib/animatedPng';
import { projectRoot } from './lib/cache';
import { capture } from './lib/processes';

/** So that a page with three of them still opens quickly, in bytes. */
const MOST = 2 * 1024 * 1024;

/**
 * Runs the browser tests of test/browser/film.test.ts and makes a film of what was to be seen in each: docs/film-*.png.
 * If one of them fails, no film is written. WECOM_BROWSER_FILM keeps the frames in that folder.
 */
async function main(args: string[]): Promise<void> {
	const kept = process.env.WECOM_BROWSER_FILM;
	const folder = kept ?? (await mkdtemp(join(tmpdir(), 'wecom-media-film-')));
	try {
		const { code } = await capture(
			process.execPath,
			[join(projectRoot, 'scripts', 'e2e.mjs'), '--browser', ...args, 'browser/film'],
			{ cwd: projectRoot, env: { ...process.env, WECOM_BROWSER_FILM: folder }, showOutput: true },
		);
		if (code !== 0) throw new Error('A test failed: the films stay as they are');
		const films = new Map<string, Frame[]>();
		for (const file of (await readdir(folder)).sort()) {
			const [name, , ms, ending] = file.split('.');
			if (ending !== 'png') continue;
			const frame = { png: await readFile(join(folder, file)), ms: Number(ms) };
			films.set(name, [...(films.get(name) ?? []), frame]);
		}
		for (const [name, frames] of films) {
			const film = animatedPng(frames);
			const path = join('docs', `${name}.png`);
			if (film.length > MOST)
				throw new Error(`${path} has ${film.length} bytes, more than ${MOST}`);
			await writeFile(join(projectRoot, path), film);
			console.log(`${path}  ${frames.length} frames, ${(film.length / 1024).toFixed(0)} KB`);
		}
	} finally {
		if (!kept) await rm(folder, { recursive: true, force: true });
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
