import { importsOf } from './imports';
import { projectFiles, readProjectFile } from './projectFiles';
import { violations } from './rooms';

const sources = projectFiles()
	.filter((path) => /^(nodes|credentials)\/.*\.ts$/.test(path))
	.map((path) => ({ path, text: readProjectFile(path).toString('utf8') }));

test('imports run one way: shells, actions, helpers, transport, protocol', () => {
	expect(sources.length).toBeGreaterThan(0);
	expect(violations(sources)).toEqual([]);
});

describe('an import against the direction is noticed', () => {
	const inside = 'nodes/WeComMedia';
	test.each([
		['protocol', `${inside}/protocol/a.ts`, 'n8n-workflow', 'protocol may not use this package'],
		['protocol', `${inside}/protocol/a.ts`, '../transport/b', 'protocol may not import transport'],
		['protocol', `${inside}/protocol/a.ts`, '../helpers/b', 'protocol may not import helpers'],
		['transport', `${inside}/transport/a.ts`, '../helpers/b', 'transport may not import helpers'],
		['transport', `${inside}/transport/a.ts`, '../actions/b', 'transport may not import actions'],
		['helpers', `${inside}/helpers/a.ts`, '../actions/b', 'helpers may not import actions'],
		['helpers', `${inside}/helpers/a.ts`, '../WeComMedia.node', 'helpers may not import shell'],
		['actions', `${inside}/actions/a.ts`, '../WeComMedia.node', 'actions may not import shell'],
		['actions', `${inside}/actions/a.ts`, '../trigger/b', 'actions may not import trigger'],
		['actions', `${inside}/actions/a.ts`, 'stream', 'actions may not use this package'],
		['actions', `${inside}/actions/a.ts`, '../../../test/helpers/b', 'outside nodes'],
		['a shell', `${inside}/A.node.ts`, '../../bench/b', 'outside nodes'],
		['a shell', `${inside}/A.node.ts`, '../../credentials/B', 'shell may not import credentials'],
		['credentials', 'credentials/A.ts', '../nodes/WeComMedia/actions/b', 'not import actions'],
		['a file beside the rooms', `${inside}/util.ts`, './protocol/b', 'in no room'],
		['an operation', `${inside}/actions/upload.operation.ts`, '../protocol/systems/robot', 'robot'],
		['a system', `${inside}/protocol/systems/robot.ts`, './corpApp', 'corpApp is one system'],
		['shared code', `${inside}/protocol/upload.ts`, './systems/robot', 'robot is one system'],
	])('in %s: %s → %s', (_room, path, specifier, complaint) => {
		const found = violations([{ path, text: `import { x } from '${specifier}';` }]);
		expect(found).toEqual([expect.stringContaining(complaint)]);
	});

	test.each([
		['actions/accounts.ts', '../protocol/systems/robot'],
		['trigger/a.ts', '../actions/b'],
		['actions/a.operation.ts', '../protocol/systems/types'],
		['protocol/systems/thirdPartyApp.ts', './corpApp'],
		['protocol/a.ts', 'crypto'],
		['helpers/a.ts', '../transport/b'],
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
