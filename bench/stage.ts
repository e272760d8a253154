/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../scripts/lib/cache';
import { npmEnvironment, run } from '../scripts/lib/processes';

const SOURCES = [
	...['package.json', 'package-lock.json', 'tsconfig.json', 'gulpfile.js', 'index.js', 'scripts'],
	...['nodes', 'credentials', 'README.md', 'README_zh-CN.md', 'LICENSE.md'],
];

/** The package built and packed in a copy of its own, so that nothing else is disturbed. */
export interface Stage {
	/** The copy, with `dist`. */
	folder: string;
	tarball: string;
	remove(): Promise<void>;
}

export async function buildStage(): Promise<Stage> {
	const folder = await mkdtemp(join(tmpdir(), 'wecom-media-bench-package-'));
	const remove = async () => await rm(folder, { recursive: true, force: true });
	let stage: Stage | undefined;
	try {
		for (const name of SOURCES) {
			await cp(join(projectRoot, name), join(folder, name), { recursive: true });
		}
		const modules = join(projectRoot, 'node_modules');
		await symlink(modules, join(folder, 'node_modules'), 'junction');
		await run(process.execPath, [join('scripts', 'build.mjs')], { cwd: folder });
		const packed = await run('npm', ['pack', '--ignore-scripts', '--silent'], {
			cwd: folder,
			env: npmEnvironment(),
		});
		stage = { folder, tarball: join(folder, basename(packed.trim())), remove };
		return stage;
	} finally {
		if (!stage) await remove();
	}
}
