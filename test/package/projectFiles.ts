/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../helpers/packageTypes';

/**
 * Files that are or would be committed, from the project's root, with slashes. Found without git,
 * which refuses to work in a folder that belongs to another user, as in many containers.
 */
export function projectFiles(folder = ''): string[] {
	return readdirSync(join(projectRoot, folder), { withFileTypes: true })
		.filter(({ name }) => name !== '.git' && !ignored.some((pattern) => pattern.test(name)))
		.flatMap((entry) => {
			const path = folder + entry.name;
			return entry.isDirectory() ? projectFiles(`${path}/`) : [path];
		})
		.sort();
}

/** This project's .gitignore holds plain names and `*.ending` only; anything else is refused. */
const ignored = readFileSync(join(projectRoot, '.gitignore'), 'utf8')
	.split('\n')
	.map((line) => line.trim())
	.filter((line) => line !== '' && !line.startsWith('#'))
	.map((line) => {
		const name = line.replace(/\/$/, '');
		if (!/^[\w.*-]+$/.test(name)) throw new Error(`.gitignore: "${line}" is not understood here`);
		return new RegExp(`^${name.replace(/\./g, '\\.').replace(/\*/g, '.*')}$`);
	});

export function readProjectFile(path: string): Buffer {
	return readFileSync(join(projectRoot, path));
}
