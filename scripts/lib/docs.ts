/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { errorTable, limitTables, type ChineseMeanings, type Language } from './docsTables';

export const MEANINGS_FILE = 'docs/zh-CN/errors.json';

/** Pages with a part that is made from the code, by path from the project's folder. */
const GENERATED: Array<{
	path: string;
	part(language: Language, meanings: ChineseMeanings): string;
}> = [
	{ path: 'errors.md', part: errorTable },
	{ path: 'limits.md', part: limitTables },
];

const BETWEEN =
	/(<!-- npm run docs: begin -->\n<!-- prettier-ignore-start -->\n)[^]*?(\n<!-- prettier-ignore-end -->\n<!-- npm run docs: end -->)/;

export async function readMeanings(): Promise<ChineseMeanings> {
	return JSON.parse(await readFile(join(projectRoot, MEANINGS_FILE), 'utf8')) as ChineseMeanings;
}

/**
 * The pages as they should be.
 *
 * @returns text by path from the project's folder
 * @throws Error if a page lacks the two lines between which its part belongs
 */
export async function generatedPages(): Promise<Record<string, string>> {
	const meanings = await readMeanings();
	const pages: Record<string, string> = {};
	for (const { path, part } of GENERATED) {
		for (const [language, folder] of [
			['en', 'docs'],
			['zh', 'docs/zh-CN'],
		] as const) {
			const page = `${folder}/${path}`;
			const text = await readFile(join(projectRoot, page), 'utf8');
			if (!BETWEEN.test(text))
				throw new Error(`${page} lacks the lines "npm run docs: begin" and "end".`);
			pages[page] = text.replace(
				BETWEEN,
				(_all, begin: string, end: string) => `${begin}\n${part(language, meanings)}\n${end}`,
			);
		}
	}
	return pages;
}
