import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { panelOf } from '../../scripts/lib/panel';
import { readSnapshot, SNAPSHOT_FILE, snapshotText } from '../../scripts/lib/panelSnapshot';
import {
	changelogSection,
	ownerFieldsToFill,
	runtimeDependencies,
	type PackedManifest,
} from '../../scripts/lib/releaseRules';
import { readProjectFile } from './projectFiles';

describe('the changelog tells of a version', () => {
	const changelog = (unreleased: string, version: string) =>
		`# Changelog\n\n## [Unreleased]\n${unreleased}\n## [0.2.0] - 2025-01-01\n${version}`;
	const line = '\n### Added\n\n- Something.\n';

	test.each([
		['in its own section', changelog('', line), '0.2.0'],
		['among what is not released yet', changelog(line, ''), 'Unreleased'],
		['in both, of which its own counts', changelog(line, line), '0.2.0'],
		['nowhere: both sections are empty', changelog('', '\n### Added\n'), undefined],
		['nowhere: only of another version', `## [0.2.1]\n${line}`, undefined],
	])('%s', (_where, text, section) => {
		expect(changelogSection(text, '0.2.0')).toBe(section);
	});
});

test.each([
	[{}, []],
	[{ dependencies: {} }, []],
	[{ dependencies: { 'form-data': '4.0.6' } }, ['form-data']],
	[{ optionalDependencies: { busboy: '1.6.0' } }, ['busboy']],
	[{ bundledDependencies: ['gulp'] }, ['gulp']],
	[{ bundleDependencies: ['gulp'] }, ['gulp']],
])('%j brings along %j', (part, brought) => {
	const n8n = { nodes: [], credentials: [] };
	const manifest: PackedManifest = { name: 'sample', version: '1.0.0', n8n, ...part };
	expect(runtimeDependencies(manifest)).toEqual(brought);
});

describe('who publishes', () => {
	const filled: PackedManifest = {
		name: 'n8n-nodes-sample',
		version: '1.0.0',
		author: { name: 'Zhang San', email: 'zhangsan@example.com' },
		repository: { url: 'git+https://github.com/zhangsan/n8n-nodes-sample.git' },
		n8n: { nodes: [], credentials: [] },
	};
	const email = 'n8n-nodes-sample@users.noreply.github.com';
	const url = 'git+https://github.com/n8n-nodes-sample/n8n-nodes-sample.git';

	test.each<[string, Partial<PackedManifest>, string[]]>([
		['has filled in everything', {}, []],
		[
			'has not said their name',
			{ author: { ...filled.author!, name: 'n8n-nodes-sample maintainers' } },
			['author.name'],
		],
		['has no address yet', { author: { ...filled.author!, email } }, ['author.email']],
		['has no repository yet', { repository: { url } }, ['repository.url']],
		['has filled in nothing', { author: undefined }, ['author.name', 'author.email']],
	])('%s', (_who, part, fields) => {
		const sentences = ownerFieldsToFill({ ...filled, ...part });
		expect(sentences.map((sentence) => sentence.split(' ')[1])).toEqual(fields);
	});
});

describe('the panel is read', () => {
	const properties: INodeProperties[] = [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			default: 'b',
			options: [
				{ name: 'B', value: 'b' },
				{ name: 'A', value: 'a' },
			],
		},
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			default: 'send',
			displayOptions: { show: { resource: ['a'] } },
			options: [{ name: 'Send', value: 'send' }],
		},
		{ displayName: 'Look', name: 'look', type: 'notice', default: '' },
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			displayOptions: { show: { resource: ['a'], operation: ['send'], more: [1] } },
		},
		{
			displayName: 'Hidden',
			name: 'hidden',
			type: 'string',
			default: '',
			displayOptions: { hide: { resource: ['a'] } },
		},
		{
			displayName: 'Groups',
			name: 'groups',
			type: 'fixedCollection',
			default: {},
			options: [
				{
					displayName: 'One',
					name: 'one',
					values: [{ displayName: 'Size', name: 'size', type: 'number', default: 1 }],
				},
			],
		},
	];
	const description = { name: 'sample', version: [1, 2], properties } as INodeTypeDescription;

	test('by resource and operation, without notices', () => {
		const { sample } = panelOf([description], []).nodes;
		expect(sample.typeVersions).toEqual([1, 2]);
		expect(sample.fields.resource.options).toEqual(['a', 'b']);
		expect(Object.keys(sample.resources.a.operations.send)).toEqual([
			'text',
			'groups',
			'groups.one.size',
		]);
		expect(sample.resources.b.operations).toEqual({});
	});

	test('but not if two fields of one operation share a name and differ', () => {
		const twice = { ...properties[3], type: 'number' as const };
		const ambiguous = { ...description, properties: [...properties, twice] };
		expect(() => panelOf([ambiguous], [])).toThrow('Two fields of one operation are called text');
	});
});

test('the snapshot is written as it is read, one field a line', () => {
	const text = readProjectFile(SNAPSHOT_FILE).toString('utf8');
	expect(snapshotText(readSnapshot())).toBe(text);
	expect(text).toContain('\t\t"md5": { "type": "string", "default": "" },\n');
	expect(text).toContain('\t\t"options": { "type": "collection", "default": {} },\n');
});
