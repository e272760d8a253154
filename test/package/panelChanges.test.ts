import type { Panel } from '../../scripts/lib/panel';
import { comparePanels } from '../../scripts/lib/panelChanges';
import { readSnapshot } from '../../scripts/lib/panelSnapshot';
import { sourcePanel } from './panel';

/** A panel with one of everything. */
const sample = (): Panel => ({
	nodes: {
		sample: {
			typeVersions: [1],
			usableAsTool: true,
			credentials: ['sampleApi'],
			webhooks: ['POST sample'],
			fields: { resource: { type: 'options', default: 'app', options: ['app', 'robot'] } },
			resources: {
				app: {
					defaultOperation: 'send',
					operations: {
						send: {
							text: { type: 'string', default: '' },
							kind: { type: 'options', default: 'auto', options: ['auto', 'file'] },
							'options.retries': { type: 'number', default: 3 },
						},
						get: { id: { type: 'string', default: '', required: true } },
					},
				},
				robot: { defaultOperation: 'send', operations: { send: {} } },
			},
		},
	},
	credentials: { sampleApi: { secret: { type: 'string', default: '' } } },
});

/** What is found when this is done to the sample. */
function changesOf(change: (panel: Panel) => void) {
	const current = sample();
	change(current);
	return comparePanels(sample(), current);
}

const node = (panel: Panel) => panel.nodes.sample;
const app = (panel: Panel) => node(panel).resources.app;
const send = (panel: Panel) => app(panel).operations.send;

type Case = [what: string, change: (panel: Panel) => void, sentence: RegExp];

describe('what saved workflows would lose is found:', () => {
	const breaks: Case[] = [
		['a node', (panel) => delete panel.nodes.sample, /^Node sample is gone: .+ do not run/],
		['a type version', (panel) => (node(panel).typeVersions = []), /type version 1 is gone/],
		["a node's credential", (panel) => (node(panel).credentials = []), /credential sampleApi is/],
		["a webhook's path", (panel) => (node(panel).webhooks = []), /webhook POST sample is/],
		['being a tool', (panel) => delete node(panel).usableAsTool, /cannot be a tool/],
		['a resource', (panel) => delete node(panel).resources.robot, /resource robot is gone/],
		[
			'an operation',
			(panel) => delete app(panel).operations.get,
			/^Node sample, app, operation get is gone: saved workflows that use it stop/,
		],
		[
			'the operation of those that say none',
			(panel) => (app(panel).defaultOperation = 'get'),
			/app: the operation had the default "send" and has "get"/,
		],
		[
			'a parameter',
			(panel) => delete send(panel).text,
			/^Node sample, app → send: field text is gone: the value that saved workflows hold in it/,
		],
		[
			'a parameter inside a collection',
			(panel) => delete send(panel)['options.retries'],
			/field options\.retries is gone/,
		],
		[
			'an option value',
			(panel) => (send(panel).kind.options = ['auto']),
			/field kind, value file is gone: saved workflows that chose it/,
		],
		[
			'a type',
			(panel) => (send(panel).text.type = 'number'),
			/field text was of type string and is of type number/,
		],
		[
			'a default',
			(panel) => (send(panel)['options.retries'].default = 5),
			/field options\.retries had the default 3 and has 5: n8n does not save defaults/,
		],
		[
			'a field that may be empty',
			(panel) => (send(panel).text.required = true),
			/field text has to be filled in now/,
		],
		[
			'a run without a field that is new and has to be filled in',
			(panel) => (send(panel).more = { type: 'string', default: '', required: true }),
			/field more is new and has to be filled in/,
		],
		[
			'a credential type',
			(panel) => delete panel.credentials.sampleApi,
			/^Credential type sampleApi is gone/,
		],
		[
			"a credential's field",
			(panel) => delete panel.credentials.sampleApi.secret,
			/^Credential sampleApi: field secret is gone: the value that saved credentials hold/,
		],
		[
			"a credential's default",
			(panel) => (panel.credentials.sampleApi.secret.default = 'x'),
			/^Credential sampleApi: field secret had the default/,
		],
	];

	test.each(breaks)('%s', (_what, change, sentence) => {
		expect(changesOf(change)).toEqual({ breaks: [expect.stringMatching(sentence)], additions: [] });
	});

	test('a value that takes the place of another', () => {
		const change = (panel: Panel) => (send(panel).kind.options = ['auto', 'document']);
		expect(changesOf(change)).toEqual({
			breaks: [expect.stringContaining('value file is gone')],
			additions: [expect.stringContaining('value document is new')],
		});
	});
});

describe('what is new breaks nothing:', () => {
	const fine: Case[] = [
		['a node', (panel) => (panel.nodes.other = node(sample())), /^Node other is new\.$/],
		['a type version', (panel) => node(panel).typeVersions.push(2), /type version 2 is new/],
		['a credential on a node', (panel) => node(panel).credentials.push('x'), /credential x is/],
		['a resource', (panel) => (node(panel).resources.more = app(sample())), /resource more is/],
		['an operation', (panel) => (app(panel).operations.more = {}), /app, operation more is new/],
		[
			'a parameter',
			(panel) => (send(panel).more = { type: 'string', default: '' }),
			/app → send: field more is new/,
		],
		[
			'a parameter that has to be filled in and is, unless somebody empties it',
			(panel) => (send(panel).more = { type: 'string', default: 'data', required: true }),
			/field more is new/,
		],
		['an option value', (panel) => send(panel).kind.options?.push('video'), /value video is new/],
		[
			'a credential type',
			(panel) => (panel.credentials.other = {}),
			/^Credential type other is new/,
		],
		[
			"a credential's field",
			(panel) => (panel.credentials.sampleApi.more = { type: 'string', default: '' }),
			/^Credential sampleApi: field more is new/,
		],
		[
			'a field that need not be filled in any more',
			(panel) => delete app(panel).operations.get.id.required,
			/^$/,
		],
	];

	test.each(fine)('%s', (_what, change, sentence) => {
		const { breaks, additions } = changesOf(change);
		expect(breaks).toEqual([]);
		expect(additions.join('\n')).toMatch(sentence);
	});
});

test('the same panel has no changes', () => {
	expect(changesOf(() => {})).toEqual({ breaks: [], additions: [] });
});

describe('the panel of the last release', () => {
	test('is kept by the present one, so that saved workflows go on running', async () => {
		expect(comparePanels(readSnapshot(), await sourcePanel()).breaks).toEqual([]);
	});

	test('holds all nodes, credentials and operations', () => {
		const { nodes, credentials } = readSnapshot();
		expect(Object.keys(nodes)).toEqual(['weComMedia', 'weComMediaTrigger']);
		expect(Object.keys(credentials)).toHaveLength(5);
		const { app: corpApp, robot } = nodes.weComMedia.resources;
		expect(Object.keys(corpApp.operations)).toEqual(
			expect.arrayContaining(['upload', 'get', 'getHdVoice', 'uploadImg', 'asyncUpload', 'send']),
		);
		expect(robot.operations.upload.mediaType.options).toEqual(['auto', 'file', 'voice']);
		expect(corpApp.operations.send['options.duplicateCheck'].default).toBe(true);
		expect(nodes.weComMediaTrigger.webhooks).toEqual(['GET wecom-media', 'POST wecom-media']);
		// Of apps, and of smart bots.
		const ticked = ['upload_media_job_finish', 'file', 'image'];
		expect(nodes.weComMediaTrigger.fields.events.default).toEqual(ticked);
	});
});
