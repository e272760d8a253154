/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, fillOnce, isComplete, projectRoot, shortHash } from './cache';
import { nodeFor, nodeMajorFor, type NodeRange, type NodeRuntime } from './nodeRuntime';
import { npmEnvironment, run } from './processes';
import { ensureRoom, HOW_TO_GET_COMPILERS, missingCompilers } from './room.cjs';
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

/** Bytes: what n8n takes with the Node that the newer ones need, and a little for the demo. */
const ROOM = 3.5e9;
const ROOM_FOR_RUNS = 0.3e9;
const OTHER_FOLDER = 'Free some space, or name another folder in N8N_WECOM_CACHE.';

const FILES = ['package.json', 'package-lock.json', '.npmrc'];

interface Recipe {
	folder: string;
	config: InstallConfig;
	lockfile: string;
}

async function recipeOf(version: string): Promise<Recipe> {
	const folder = join(projectRoot, 'test', 'e2e', `n8n-${version}`);
	const { config } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
		config: InstallConfig;
	};
	return { folder, config, lockfile: await readFile(join(folder, 'package-lock.json'), 'utf8') };
}

function targetOf(version: string, nodeMajor: number, { lockfile }: Recipe): string {
	return join(cacheFolder(), `n8n-${version}-node${nodeMajor}-${shortHash(lockfile)}`);
}

/**
 * Looks at folder, disk and tools before the minutes of an installation are spent.
 *
 * @returns what the person should know beforehand; empty if n8n is there already
 * @throws Error if the folder cannot be written to or its disk is too full
 */
export async function beforeInstall(version: string): Promise<string[]> {
	const recipe = await recipeOf(version);
	const isThere = isComplete(targetOf(version, nodeMajorFor(recipe.config), recipe));
	await ensureRoom(cacheFolder(), isThere ? ROOM_FOR_RUNS : ROOM, OTHER_FOLDER);
	if (isThere) return [];
	const missing = recipe.config.compile.length > 0 ? await missingCompilers() : [];
	return [
		`n8n ${version} is fetched into ${cacheFolder()}, the first time only: about 2.5 GB, 5 to 10 minutes.`,
		...(missing.length > 0 ? [compilerWarning(recipe.config.compile, missing)] : []),
	];
}

function compilerWarning(compiled: string[], missing: string[]): string {
	return (
		`Not found: ${missing.join(', ')}. n8n needs ${compiled.join(' and ')}, which have to be compiled where no ` +
		`ready-made copy can be fetched from GitHub. If that fails, get them first. ${HOW_TO_GET_COMPILERS}`
	);
}

/**
 * Installs the n8n that test/e2e/n8n-<version> pins into the cache, unless it is there already.
 * It takes minutes and about 2.5 GB the first time.
 */
export async function installN8n(version: string, progress: Progress): Promise<InstalledN8n> {
	const recipe = await recipeOf(version);
	const { config, lockfile } = recipe;
	const folder = targetOf(version, nodeMajorFor(config), recipe);
	if (!isComplete(folder)) await ensureRoom(cacheFolder(), ROOM, OTHER_FOLDER);
	const node = await nodeFor(config, progress);
	if (!isComplete(folder)) {
		await fillOnce(folder, async (partial) => {
			for (const file of FILES) await copyFile(join(recipe.folder, file), join(partial, file));
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
		try {
			await run('npm', ['rebuild', name, '--ignore-scripts=false'], options);
		} catch (error) {
			throw await whyNotCompiled(name, error as Error);
		}
	}
}

async function whyNotCompiled(name: string, error: Error): Promise<Error> {
	const missing = await missingCompilers();
	if (missing.length === 0) return error;
	return new Error(`${compilerWarning([name], missing)}\n\n${error.message}`);
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
