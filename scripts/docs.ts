/* eslint-disable @n8n/community-nodes/no-restricted-imports, no-console -- runs in Node, never inside n8n; what a person at the terminal reads */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './lib/cache';
import { generatedPages } from './lib/docs';

/** Writes the parts of docs/ that are made from the code: npm run docs. */
async function main(): Promise<void> {
	const pages = await generatedPages();
	for (const [path, text] of Object.entries(pages)) {
		await writeFile(join(projectRoot, path), text);
		console.log(path);
	}
}

void main();
