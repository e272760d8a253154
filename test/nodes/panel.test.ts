import { NodeHelpers } from 'n8n-workflow';
import type { INodeParameters } from 'n8n-workflow';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { workflowOf } from '../helpers/engine';
import { choices, everyOperation, named, panelOf, shownFor } from '../helpers/panel';

const type = new WeComMedia();
const { description } = type;
const version = { typeVersion: 1 };

const words = (text: string) => text.split(' ').filter((word) => word !== '');

/** What all operations have in Options; what several rows share. */
const ALL = 'concurrency maxRetries requestTimeout';
const WECOM = 'auto file image video voice';
const OF_MEDIA_ID = 'file image video voice';
const SEND_APP =
	'description duplicateCheck fileName mentionedUsers reuseMediaId safe splitLongText title';
const SEND_ROBOT = 'fileName markdown mentionedMobiles mentionedUsers reuseMediaId splitLongText';

/** Resource, operation, further choices; the fields after Operation; what Options holds; the media types. */
const table: Array<[string, string, INodeParameters, string, string, string]> = [
	[
		'app',
		'upload',
		{},
		'binaryPropertyName purpose mediaType',
		'fallbackToFile fileName includeInputFields reuseMediaId skipChecks',
		WECOM,
	],
	[
		'app',
		'upload',
		{ purpose: 'moments' },
		'binaryPropertyName purpose mediaType',
		'fallbackToFile fileName includeInputFields reuseMediaId skipChecks',
		'auto image video',
	],
	[
		'app',
		'upload',
		{ purpose: 'catalog' },
		'binaryPropertyName purpose',
		'fallbackToFile fileName includeInputFields reuseMediaId skipChecks',
		'',
	],
	[
		'customerService',
		'upload',
		{},
		'binaryPropertyName mediaType',
		'fallbackToFile fileName includeInputFields reuseMediaId skipChecks',
		WECOM,
	],
	[
		'robot',
		'upload',
		{},
		'binaryPropertyName mediaType',
		'fallbackToFile fileName includeInputFields reuseMediaId skipChecks',
		'auto file voice',
	],
	[
		'officialAccount',
		'upload',
		{},
		'binaryPropertyName mediaType',
		'fileName includeInputFields reuseMediaId skipChecks',
		'auto image thumb video voice',
	],
	['app', 'get', {}, 'mediaId binaryPropertyName', 'fileName includeInputFields', ''],
	['customerService', 'get', {}, 'mediaId binaryPropertyName', 'fileName includeInputFields', ''],
	['officialAccount', 'get', {}, 'mediaId binaryPropertyName', 'fileName includeInputFields', ''],
	['smartBot', 'get', {}, 'url binaryPropertyName', 'fileName includeInputFields', ''],
	['smartBot', 'reply', {}, 'responseUrl text', '', ''],
	['app', 'getHdVoice', {}, 'mediaId binaryPropertyName', 'fileName includeInputFields', ''],
	['app', 'uploadImg', {}, 'binaryPropertyName', 'fileName skipChecks', ''],
	['officialAccount', 'getPermanent', {}, 'mediaId binaryPropertyName', 'fileName', ''],
	['officialAccount', 'uploadImg', {}, 'binaryPropertyName', 'fileName skipChecks', ''],
	[
		'officialAccount',
		'uploadPermanent',
		{},
		'mediaType binaryPropertyName',
		'description fileName skipChecks title',
		'auto image thumb video voice',
	],
	[
		'app',
		'asyncUpload',
		{},
		'source url mediaType fileName md5 waitForCompletion',
		'checkUrl hostUrl linkLifetime timeout',
		'file video',
	],
	[
		'app',
		'asyncUpload',
		{ source: 'binary' },
		'source binaryPropertyName mediaType fileName waitForCompletion',
		'checkUrl hostUrl linkLifetime timeout',
		'file video',
	],
	['app', 'asyncResult', {}, 'jobId waitForCompletion', 'timeout', ''],
	[
		'robot',
		'send',
		{},
		'content text binaryPropertyName mediaType',
		SEND_ROBOT,
		'auto file image voice',
	],
	[
		'app',
		'send',
		{},
		'sendTo toUser toParty toTag content text binaryPropertyName mediaType',
		SEND_APP,
		WECOM,
	],
	[
		'app',
		'send',
		{ sendTo: 'appChat' },
		'sendTo chatId content text binaryPropertyName mediaType',
		SEND_APP,
		WECOM,
	],
	['app', 'send', { content: 'text' }, 'sendTo toUser toParty toTag content text', SEND_APP, ''],
	[
		'app',
		'send',
		{ content: 'mediaId' },
		'sendTo toUser toParty toTag content text mediaId mediaType',
		SEND_APP,
		OF_MEDIA_ID,
	],
	['robot', 'send', { content: 'text' }, 'content text', SEND_ROBOT, ''],
	[
		'robot',
		'send',
		{ content: 'mediaId' },
		'content text mediaId mediaType',
		SEND_ROBOT,
		'file voice',
	],
	[
		'customerService',
		'send',
		{},
		'toUser openKfId content text binaryPropertyName mediaType',
		'fileName reuseMediaId splitLongText',
		WECOM,
	],
	[
		'officialAccount',
		'send',
		{},
		'toUser content text binaryPropertyName mediaType',
		'description fileName reuseMediaId splitLongText thumbMediaId title',
		'auto image video voice',
	],
	[
		'officialAccount',
		'send',
		{ content: 'mediaId' },
		'toUser content text mediaId mediaType',
		'description fileName reuseMediaId splitLongText thumbMediaId title',
		'image video voice',
	],
];

describe('the panel shows what belongs to an operation, and nothing else', () => {
	test.each(table)('%s, %s %j', (resource, operation, more, fields, options, types) => {
		const shown = shownFor(description, { resource, operation, ...more });
		const own = shown.filter(
			({ name, type: kind }) =>
				kind !== 'notice' && !['resource', 'authentication', 'operation', 'options'].includes(name),
		);
		expect(own.map(({ name }) => name)).toEqual(words(fields));
		const held = (named(shown, 'options')?.options ?? []).map(({ name }) => name);
		expect(held.sort()).toEqual(words(`${options} ${ALL}`).sort());
		const offered = choices(named(shown, 'mediaType')).map(({ value }) => value);
		expect(offered.sort()).toEqual(words(types));
	});
});

const offered = everyOperation(description).map(
	({ resource, operation }) => [String(resource.value), String(operation.value)] as const,
);

describe.each(offered)('%s, %s', (resource, operation) => {
	const shown = shownFor(description, { resource, operation });

	test('no name stands for two fields at once', () => {
		const names = shown.map(({ name }) => name);
		expect(names).toEqual([...new Set(names)]);
	});

	test('the node has a subtitle', () => {
		const parameters = panelOf(description, { resource, operation });
		const workflow = workflowOf({
			nodes: [{ name: 'Node', type: 'weComMedia', parameters }],
			nodeTypes: [type],
		});
		const subtitle = workflow.expression.getSimpleParameterValue(
			workflow.nodes.Node,
			description.subtitle,
			'internal',
			{},
		);
		const { name } = choices(named(shown, 'resource')).find(({ value }) => value === resource)!;
		expect(subtitle).toMatch(new RegExp(`^[A-Z][A-Za-z ]+: ${name}$`));
	});

	test.each(resource === 'app' ? ['corpSecret', 'thirdPartyApp'] : [undefined])(
		'exactly one credential is asked for (authentication: %s)',
		(authentication) => {
			const values = panelOf(description, {
				resource,
				operation,
				...(authentication ? { authentication } : {}),
			});
			const asked = description.credentials!.filter((credential) =>
				NodeHelpers.displayParameter(values, credential, version, description),
			);
			expect(asked.map(({ name }) => name)).toEqual([
				{
					app: authentication === 'thirdPartyApp' ? 'weComSuiteApi' : 'weComCorpApi',
					customerService: 'weComCorpApi',
					robot: 'weComWebhookApi',
					smartBot: 'weComSmartBotApi',
					officialAccount: 'weChatOfficialAccountApi',
				}[resource],
			]);
		},
	);
});
