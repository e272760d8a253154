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

/** Bytes of the pictures whose path is so. */
const sizes = (wanted: (path: string) => boolean) =>
	files
		.filter((path) => path.endsWith('.png') && wanted(path))
		.map((path) => readProjectFile(path).length);
const isFilm = (path: string) => path.startsWith('docs/film-');
const MB = 1024 * 1024;

test('a film stays below 2 MB', () => {
	expect(sizes(isFilm).filter((bytes) => bytes > 2 * MB)).toEqual([]);
});

test('the other pictures together stay below 3 MB', () => {
	const bytes = sizes((path) => !isFilm(path)).reduce((sum, size) => sum + size, 0);
	expect(bytes).toBeLessThan(3 * MB);
});
