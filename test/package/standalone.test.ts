/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { lstatSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { projectRoot } from '../helpers/packageTypes';
import { projectFiles, readProjectFile } from './projectFiles';

const files = projectFiles();

/** Composed, so that this file does not contain what it looks for. */
const word = (...parts: string[]) => parts.join('');
const forbidden: Array<[what: string, pattern: RegExp]> = [
	['a folder beside the repository', new RegExp(word('\\.\\./', 'shared\\b'))],
	["a workplace's path", new RegExp(word('(?<![\\w.])/', '(work|root)/'))],
	["a person's folder", new RegExp(word('(?<![\\w.])/', '(home|Users)/', '\\w'))],
	[
		'a package registry',
		new RegExp(word('\\b(registry|npm)', '\\.[a-z0-9-]+\\.(com|org|dev|io)\\b')),
	],
	['a registry setting', new RegExp(word('^(@[\\w-]+:)?', 'registry\\s*='), 'm')],
];

function findings(path: string, text: string): string[] {
	return text
		.split('\n')
		.flatMap((line, index) =>
			forbidden
				.filter(([, pattern]) => pattern.test(line))
				.map(([what]) => `${path}:${index + 1} names ${what}: ${line.trim().slice(0, 100)}`),
		);
}

test('no file refers to anything outside the repository', () => {
	expect(files).toContain('package.json');
	const found = files
		.filter((path) => !isBinary(path))
		.flatMap((path) => findings(path, readProjectFile(path).toString('utf8')));
	expect(found).toEqual([]);
});

function isBinary(path: string): boolean {
	return readProjectFile(path).includes(0);
}

test.each([
	['a folder beside the repository', word('see ../', 'shared/design.md')],
	["a workplace's path", word('see /', 'work/main')],
	["a person's folder", word('at /', 'home/somebody/n8n')],
	['a package registry', word('https://registry', '.npmjs.org/x')],
	['a registry setting', word('registry', '=http://127.0.0.1:4873')],
])('%s would be noticed', (what, line) => {
	expect(findings('sample', line)).toEqual([expect.stringContaining(what)]);
});

test.each(['https://work.weixin.qq.com/api', 'const root = path + "x/work/y";'])(
	'%s is not taken for a path of a workplace',
	(line) => {
		expect(findings('sample', line)).toEqual([]);
	},
);

interface Locked {
	resolved?: string;
	optionalDependencies?: Record<string, string>;
}

describe.each(files.filter((path) => path.endsWith('package-lock.json')))('%s', (path) => {
	const { packages } = JSON.parse(readProjectFile(path).toString('utf8')) as {
		packages: Record<string, Locked>;
	};

	test('names no place to download from', () => {
		const resolved = Object.entries(packages).filter(([, { resolved: from }]) => from);
		expect(resolved).toEqual([]);
	});

	test('lists the optional packages of every platform, without which npm ci refuses it', () => {
		const missing = Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
			Object.keys(optionalDependencies)
				.filter((name) => !isLocked(packages, parent, name))
				.map((name) => `${parent} wants ${name}`),
		);
		expect(missing).toEqual([]);
	});
});

/** Node's look-up: the parent's own node_modules, then those of the folders around it. */
function isLocked(packages: Record<string, Locked>, parent: string, name: string): boolean {
	const folders = parent === '' ? [] : parent.split('/node_modules/');
	return [...folders.keys(), folders.length].some((depth) => {
		const folder = folders.slice(0, depth).join('/node_modules/');
		return `${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages;
	});
}

test('no package is taken from a folder or an address', () => {
	const manifest = JSON.parse(readProjectFile('package.json').toString('utf8')) as Record<
		string,
		Record<string, string>
	>;
	const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
	expect(Object.entries(wanted).filter(([, range]) => /[:/]/.test(range))).toEqual([]);
});

test('no link leads out of the repository', () => {
	const inside = realpathSync(projectRoot) + sep;
	const links = files
		.map((path) => join(projectRoot, path))
		.filter((path) => lstatSync(path).isSymbolicLink())
		.filter((path) => !realpathSync(path).startsWith(inside));
	expect(links).toEqual([]);
});
