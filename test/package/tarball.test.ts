/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import {
	MAX_TARBALL_BYTES,
	runtimeDependencies,
	type PackedManifest,
} from '../../scripts/lib/releaseRules';
import { projectRoot, readManifest } from '../helpers/packageTypes';
import { importsOf } from './imports';
import { projectFiles } from './projectFiles';
import { packPackage, run, type PackedPackage } from './packed';

const { name, n8n } = readManifest();

interface Described {
	name: string;
	displayName: string;
	icon?: string;
	iconUrl?: { light: string; dark: string };
	codex?: { categories?: string[]; resources?: Record<string, Array<{ url: string }>> };
}

let packed: PackedPackage;
let files: string[];
let loaded: { nodes: Described[]; credentials: Described[] };

beforeAll(() => {
	packed = packPackage();
	files = readdirSync(packed.folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(packed.folder, join(entry.parentPath, entry.name)))
		.map((path) => path.split(sep).join('/'));
	loaded = loadAsN8n();
}, 180_000);
afterAll(() => packed?.remove());

function loadAsN8n(): typeof loaded {
	const userFolder = mkdtempSync(join(tmpdir(), 'wecom-media-load-'));
	const settings = { N8N_USER_FOLDER: userFolder, N8N_LOG_LEVEL: 'silent' };
	try {
		const script = join(projectRoot, 'test', 'package', 'load.mjs');
		return JSON.parse(run(process.execPath, [script, packed.folder], projectRoot, settings));
	} finally {
		rmSync(userFolder, { recursive: true, force: true });
	}
}

const textOf = (path: string) => readFileSync(join(packed.folder, path), 'utf8');
const classNameOf = (path: string) => path.split('/').pop()!.split('.')[0];
/** What n8n calls the type whose class is in this file. */
function typeNameOf(path: string): string {
	const className = classNameOf(path);
	return className[0].toLowerCase() + className.slice(1);
}
const instanceOf = (path: string) =>
	`const type = new (require('./${path}')['${classNameOf(path)}'])();`;

test('the package is small and brings nothing along', () => {
	expect(packed.size).toBeLessThan(MAX_TARBALL_BYTES);
	const manifest = JSON.parse(textOf('package.json')) as PackedManifest;
	expect(runtimeDependencies(manifest)).toEqual([]);
	expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
	// n8n up to 1.94 installs what is not optional, and the newest n8n-workflow does not install on Node 20.
	expect(manifest.peerDependenciesMeta).toEqual({ 'n8n-workflow': { optional: true } });
});

test('it holds compiled code, icons and codex files, and no README but the English one', () => {
	const unexpected = files.filter(
		(path) =>
			!/^dist\/(nodes|credentials)\/.+\.(js|svg|png|node\.json)$/.test(path) &&
			!['package.json', 'index.js'].includes(path) &&
			!/^(README|LICENSE|CHANGELOG)\.md$/.test(path),
	);
	expect(unexpected).toEqual([]);
	expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE.md']));
	expect(files).toEqual(expect.arrayContaining([...n8n.nodes, ...n8n.credentials]));
});

test('compiled code requires n8n-workflow, crypto and files of the package only', () => {
	const foreign = files
		.filter((path) => path.endsWith('.js'))
		.flatMap((path) =>
			importsOf(path, textOf(path))
				.filter(({ specifier }) => !/^(n8n-workflow|crypto|\.{1,2}\/.+)$/.test(specifier))
				.map(({ specifier, line }) => `${path}:${line} requires ${specifier}`),
		);
	expect(foreign).toEqual([]);
});

test('all nodes and credentials load where only n8n-workflow can be found', () => {
	const listed = [...n8n.nodes, ...n8n.credentials];
	const print = 'console.log(type.name ?? type.description.name);';
	const each = listed.map((path) => `{ ${instanceOf(path)} ${print} }`).join('\n');
	const printed = run(process.execPath, ['-e', each], packed.folder).trim().split('\n');
	expect(printed).toEqual(listed.map(typeNameOf));
});

test('the place it was loaded from offers nothing else', () => {
	const ask = "try { require('form-data'); console.log('found') } catch { console.log('none') }";
	expect(run(process.execPath, ['-e', ask], packed.folder).trim()).toBe('none');
});

test('requiring the package itself works', () => {
	const ask = `console.log(typeof require('${name}'))`;
	expect(run(process.execPath, ['-e', ask], packed.folder).trim()).toBe('object');
});

test('package.json lists every node and credential of the source', () => {
	const compiled = projectFiles()
		.filter((path) => /^(nodes|credentials)\/.*\.(node|credentials)\.ts$/.test(path))
		.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
	expect([...n8n.nodes, ...n8n.credentials].sort()).toEqual(compiled.sort());
});

test("n8n's loader knows every node and credential that package.json lists", () => {
	expect(loaded.nodes).toHaveLength(n8n.nodes.length);
	expect(loaded.credentials).toHaveLength(n8n.credentials.length);
	const typeNames = [...n8n.nodes, ...n8n.credentials].map(typeNameOf);
	const known = [...loaded.nodes, ...loaded.credentials].map((type) => type.name);
	expect(known.map((type) => type.replace(`${name}.`, '')).sort()).toEqual(typeNames.sort());
});

test('every node and credential has an icon for light and for dark screens', () => {
	for (const { name: type, icon, iconUrl } of [...loaded.nodes, ...loaded.credentials]) {
		expect({ type, icon, iconUrl }).toMatchObject({
			icon: undefined,
			iconUrl: { light: expect.any(String), dark: expect.any(String) },
		});
		const paths = [iconUrl!.light, iconUrl!.dark].map((url) => url.replace(`icons/${name}/`, ''));
		expect(new Set(paths).size).toBe(2);
		for (const path of paths) expect(existsSync(join(packed.folder, path))).toBe(true);
	}
});

test('every node has a codex with categories and a link to its documentation', () => {
	for (const { codex } of loaded.nodes) {
		expect(codex).toMatchObject({
			categories: expect.arrayContaining([expect.any(String)]),
			resources: {
				primaryDocumentation: [{ url: expect.stringMatching(/^https:\/\//) }],
			},
		});
	}
});
