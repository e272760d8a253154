import { importsOf } from './imports';
import { projectFiles, readProjectFile } from './projectFiles';
import { violations } from './rooms';

const sources = projectFiles()
	.filter((path) => /^(nodes|credentials)\/.*\.ts$/.test(path))
	.map((path) => ({ path, text: readProjectFile(path).toString('utf8') }));

test('imports run one way: shell, actions and trigger, n8n, wecom', () => {
	expect(sources.length).toBeGreaterThan(0);
	expect(violations(sources)).toEqual([]);
});

test('CONTRIBUTING names files and rooms that there are', () => {
	const text = readProjectFile('CONTRIBUTING.md').toString('utf8');
	const files = projectFiles();
	const named = [
		...text.matchAll(/`((?:nodes|actions|trigger|n8n|wecom|test)\/[\w./]+|[\w.]+\.node\.ts)`/g),
	];
	const missing = named
		.map(([, path]) => path)
		.filter((path) => !files.some((file) => `/${file}`.includes(`/${path}`)));
	expect(named.length).toBeGreaterThan(20);
	expect(missing).toEqual([]);
});

describe('an import against the direction is noticed', () => {
	const inside = 'nodes/WeComMedia';
	test.each([
		['wecom', `${inside}/wecom/calls/a.ts`, 'n8n-workflow', 'calls may not use this package'],
		['wecom', `${inside}/wecom/calls/a.ts`, '../../n8n/b', 'calls may not import n8n'],
		['wecom', `${inside}/wecom/hints/a.ts`, '../client/b', 'hints may not import client'],
		['wecom', `${inside}/wecom/client/a.ts`, '../files/b', 'client may not import files'],
		['wecom', `${inside}/wecom/files/a.ts`, '../accounts/b', 'files may not import accounts'],
		['wecom', `${inside}/wecom/accounts/a.ts`, '../calls/b', 'accounts may not import calls'],
		['wecom', `${inside}/wecom/calls/a.ts`, '../callback/b', 'calls may not import callback'],
		['wecom', `${inside}/wecom/callback/a.ts`, '../client/b', 'callback may not import client'],
		['n8n', `${inside}/n8n/a.ts`, '../actions/b', 'n8n may not import actions'],
		['n8n', `${inside}/n8n/a.ts`, '../WeComMedia.node', 'n8n may not import shell'],
		['actions', `${inside}/actions/a.ts`, '../WeComMedia.node', 'actions may not import shell'],
		['actions', `${inside}/actions/a.ts`, '../trigger/b', 'actions may not import trigger'],
		['actions', `${inside}/actions/a.ts`, '../wecom/callback/b', 'may not import callback'],
		['trigger', `${inside}/trigger/a.ts`, '../actions/b', 'trigger may not import actions'],
		['actions', `${inside}/actions/a.ts`, 'stream', 'actions may not use this package'],
		['actions', `${inside}/actions/a.ts`, '../../../test/helpers/b', 'outside nodes'],
		['a shell', `${inside}/A.node.ts`, '../../bench/b', 'outside nodes'],
		['a shell', `${inside}/A.node.ts`, '../../credentials/B', 'shell may not import credentials'],
		['credentials', 'credentials/A.ts', '../nodes/WeComMedia/actions/b', 'not import actions'],
		['a file beside the rooms', `${inside}/util.ts`, './wecom/calls/b', 'in no room'],
		['an operation', `${inside}/actions/upload.operation.ts`, '../wecom/accounts/robots', 'robots'],
		['a system', `${inside}/wecom/accounts/robots.ts`, './corpApp', 'corpApp is one system'],
		[
			'shared code',
			`${inside}/wecom/calls/upload.ts`,
			'../accounts/robots',
			'robots is one system',
		],
	])('in %s: %s → %s', (_room, path, specifier, complaint) => {
		const found = violations([{ path, text: `import { x } from '${specifier}';` }]);
		expect(found).toEqual([expect.stringContaining(complaint)]);
	});

	test.each([
		['n8n/accounts.ts', '../wecom/accounts/robots'],
		['trigger/a.ts', '../n8n/b'],
		['trigger/a.ts', '../wecom/callback/b'],
		['actions/a.operation.ts', '../wecom/accounts/system'],
		['wecom/accounts/thirdPartyApp.ts', './corpApp'],
		['wecom/calls/a.ts', 'crypto'],
		['wecom/calls/a.ts', '../hints/b'],
	])('and %s → %s is allowed', (path, specifier) => {
		const text = `import { x } from '${specifier}';`;
		expect(violations([{ path: `nodes/WeComMedia/${path}`, text }])).toEqual([]);
	});
});

test.each([
	["import a from 'x';"],
	["import type { A } from 'x';"],
	["import 'x';"],
	["export * from 'x';"],
	["export type { A } from 'x';"],
	["import a = require('x');"],
	["const a = require('x');"],
	["const a = require.resolve('x');"],
	["const a = await import('x');"],
	['const a = await import(`x`);'],
	["type A = import('x').A;"],
	["type A = typeof import('x');"],
])('an import is seen in: %s', (text) => {
	expect(importsOf('sample.ts', text)).toEqual([{ specifier: 'x', line: 1 }]);
});

test('an import whose name is computed is seen', () => {
	expect(importsOf('sample.ts', 'const a = 1;\nawait import(name);')).toEqual([
		{ specifier: 'computed', line: 2 },
	]);
});

test('a mention in a comment or a string is no import', () => {
	expect(importsOf('sample.ts', "// import 'x'\nconst a = \"require('x')\";")).toEqual([]);
});
