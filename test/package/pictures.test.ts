/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { posix } from 'node:path';
import { projectFiles, readProjectFile } from './projectFiles';

const files = projectFiles();
const pages = files.filter((path) => path.endsWith('.md'));

/** Paths, from the project's folder, of the pictures that a page shows. */
function picturesOf(page: string): string[] {
	const text = readProjectFile(page).toString('utf8');
	const named = [...text.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)];
	return named.map(([, markdown, html]) => posix.join(posix.dirname(page), markdown ?? html));
}

const shown = new Set(pages.flatMap(picturesOf));

test('every picture that a page shows is there', () => {
	expect(shown.size).toBeGreaterThan(0);
	expect([...shown].filter((path) => !files.includes(path))).toEqual([]);
});

test('every picture that is there is shown on a page', () => {
	const there = files.filter((path) => /^(docs|examples)\/.*\.png$/.test(path));
	expect(there.filter((path) => !shown.has(path))).toEqual([]);
});

test('both READMEs show the same pictures, in the same order', () => {
	expect(picturesOf('README_zh-CN.md')).toEqual(picturesOf('README.md'));
});

test('the pictures together stay below 3 MB', () => {
	const bytes = files
		.filter((path) => path.endsWith('.png'))
		.reduce((sum, path) => sum + readProjectFile(path).length, 0);
	expect(bytes).toBeLessThan(3 * 1024 * 1024);
});
