/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, fillOnce, isComplete, projectRoot, shortHash } from './cache';
import { nodeFor, type NodeRange, type NodeRuntime } from './nodeRuntime';
import { npmEnvironment, run } from './processes';
import type { Progress } from './steps';

export interface InstalledN8n {
	version: string;
	folder: string;
	node: NodeRuntime;
	/** The script that `node` runs. */
	bin: string;
	/** Settings that only this version of n8n knows. */
	env: NodeJS.ProcessEnv;
}

/** The `config` block of test/e2e/n8n-<version>/package.json. */
interface InstallConfig extends NodeRange {
	/** Packages whose own install script has to run, because they compile something. */
	compile: string[];
	env?: Record<string, string>;
}

const FIRST_TIME = 'installing, the first time only (about 2.5 GB, 5 to 10 minutes)';

const FILES = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * Installs the n8n that test/e2e/n8n-<version> pins into the cache, unless it is there already.
 * It takes minutes and about 2.5 GB the first time.
 */
export async function installN8n(version: string, progress: Progress): Promise<InstalledN8n> {
	const recipe = join(projectRoot, 'test', 'e2e', `n8n-${version}`);
	const { config } = JSON.parse(await readFile(join(recipe, 'package.json'), 'utf8')) as {
		config: InstallConfig;
	};
	const lockfile = await readFile(join(recipe, 'package-lock.json'), 'utf8');
	const node = await nodeFor(config, progress);
	const folder = join(cacheFolder(), `n8n-${version}-node${node.major}-${shortHash(lockfile)}`);
	if (!isComplete(folder)) {
		await fillOnce(folder, async (partial) => {
			for (const file of FILES) await copyFile(join(recipe, file), join(partial, file));
			await install(partial, lockfile, config.compile, node, progress);
		});
	}
	const bin = join(folder, 'node_modules', 'n8n', 'bin', 'n8n');
	return { version, folder, node, bin, env: config.env ?? {} };
}

async function install(
	folder: string,
	lockfile: string,
	compile: string[],
	node: NodeRuntime,
	progress: Progress,
): Promise<void> {
	const options = { cwd: folder, env: npmEnvironment(node.env) };
	const packages = packageFolders(lockfile).map((path) => join(folder, path, 'package.json'));
	const count = () => {
		const there = packages.filter((path) => existsSync(path)).length;
		progress(`${FIRST_TIME}: ${there} of ${packages.length} packages`);
	};
	count();
	const timer = setInterval(count, 1000);
	try {
		await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options);
	} finally {
		clearInterval(timer);
	}
	for (const name of compile) {
		progress(`${FIRST_TIME}: compiling ${name}`);
		await run('npm', ['rebuild', name, '--ignore-scripts=false'], options);
	}
}

/** Where npm will put the packages of a lockfile, optional ones (other platforms') left out. */
function packageFolders(lockfile: string): string[] {
	const { packages } = JSON.parse(lockfile) as {
		packages: Record<string, { optional?: boolean }>;
	};
	return Object.entries(packages)
		.filter(([path, entry]) => path !== '' && !entry.optional)
		.map(([path]) => path);
}
