import { sampleFile, setupScene, type Job } from './scene';

const scene = setupScene();
const report = sampleFile('report.pdf');
const items = [{ binary: { data: report } }];
const field = (binaryPropertyName: string): Job => ({ items, parameters: { binaryPropertyName } });
const get = (mediaId: string, more: Job['parameters'] = {}): Job => ({
	operation: 'get',
	parameters: { mediaId, ...more },
});

/** What is wrong, the job, the sentence and the advice. */
type Case = [string, Job, string, RegExp];

const inTheNode: Case[] = [
	[
		'a field that the item does not have',
		field('attachment'),
		"The item has no file in the field 'attachment' ('Input Binary Field')",
		/^The item's binary fields are: data\.$/,
	],
	[
		'an item without any file',
		{ items: [{ json: { a: 1 } }] },
		"The item has no file in the field 'data' ('Input Binary Field')",
		/^The item has no file at all\. Put a node before this one that reads or downloads the file/,
	],
	['a blank field name', field('  '), "'Input Binary Field' is empty", /most nodes call it data/],
	['nothing but commas', field(' , ,'), "'Input Binary Field' is empty", /most nodes call it data/],
	[
		'a name of JavaScript itself',
		field('constructor'),
		"The item has no file in the field 'constructor' ('Input Binary Field')",
		/^The item's binary fields are: data\.$/,
	],
	['a blank media_id', get(' \n '), "'Media ID' is empty", /\{\{ \$json\.media_id \}\}/],
	[
		'an expression that found nothing',
		get('={{ $json.media_id }}'),
		"'Media ID' is empty",
		/\{\{ \$json\.media_id \}\}/,
	],
	...['two words', 'line\nbreak', 'undefined', 'null', '[object Object]', 'x'.repeat(513)].map(
		(mediaId): Case => [
			`the media_id ${JSON.stringify(mediaId.slice(0, 20))}`,
			get(mediaId),
			"'Media ID' does not look like an ID of WeCom",
			/^Take it from the output of an upload/,
		],
	),
	[
		'a blank output field',
		get('3made-up', { binaryPropertyName: ' ' }),
		"'Put Output File in Field' is empty",
		/most nodes call it data/,
	],
	[
		'an option out of range',
		{ items, options: { requestTimeout: 0 } },
		"'Request Timeout' must be a number from 1 to 3600",
		/^Change it in the options of the node/,
	],
	[
		'an option that is no number',
		{ items, options: { maxRetries: '={{ "many" }}' } },
		"'Max Retries' must be a number from 0 to 10",
		/^Change it in the options of the node/,
	],
];

const corp = (credential: Job['credential']): Job => ({ items, credential });
const robot = (webhookKey: string): Job => ({ system: 'robot', items, credential: { webhookKey } });

const inTheCredential: Case[] = [
	['an empty Corp ID', corp({ corpId: ' ' }), "'Corp ID' of the credential is empty", /企业ID/],
	[
		'a Corp ID with other characters',
		corp({ corpId: '我的企业' }),
		"'Corp ID' of the credential has characters that no such ID has",
		/^Copy it again from 我的企业 → 企业信息 → 企业ID\.$/,
	],
	[
		'an empty Secret',
		corp({ corpSecret: '' }),
		"'Corp Secret' of the credential is empty",
		/Secret/,
	],
	[
		'a Secret with a line break inside',
		corp({ corpSecret: 'made-up\nsecret' }),
		"'Corp Secret' of the credential contains a space or line break",
		/^Copy it again/,
	],
	[
		'an Agent ID that is no number',
		corp({ agentId: 'the second' }),
		"'Agent ID' of the credential is not a number",
		/AgentId/,
	],
	[
		'a Base URL with plain http to another host',
		corp({ baseUrl: 'http://wecom.example' }),
		'The Base URL must start with https:// because secrets travel in the address of every call; plain http is taken only for this machine or with "Allow Insecure HTTP" switched on',
		/^Enter https:\/\/qyapi\.weixin\.qq\.com, or the address of your proxy/,
	],
	...['qyapi', 'ftp://wecom.example', 'https://'].map((baseUrl): Case => [
		`the Base URL ${baseUrl}`,
		corp({ baseUrl }),
		'The Base URL must be a full address such as https://qyapi.weixin.qq.com',
		/^Enter https:/,
	]),
	[
		'a Base URL with a query',
		corp({ baseUrl: 'https://wecom.example/?access_token=made-up' }),
		'The Base URL must not contain "?" or "#": give the address without a query',
		/^Enter https:/,
	],
	['an empty webhook key', robot(''), expect.stringMatching(/^The webhook key is empty/), /^Paste/],
	[
		'a webhook key with other characters',
		robot('made up key!'),
		expect.stringMatching(/^The webhook key may hold only letters, digits and dashes/),
		/^Paste the robot's whole webhook address into 'Webhook Key'/,
	],
	[
		'an address that is no webhook',
		robot('https://work.weixin.qq.com/wework_admin/frame'),
		expect.stringMatching(/^The address pasted is not that of a WeCom webhook/),
		/^Paste/,
	],
	[
		'a webhook address without its key',
		robot('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key='),
		expect.stringMatching(/^The webhook URL has no usable key at its end/),
		/^Paste/,
	],
	[
		'a Suite ID with blanks',
		{ system: 'thirdPartyApp', items, credential: { suiteId: 'w w' } },
		"'Suite ID' of the credential has characters that no such ID has",
		/服务商后台/,
	],
	[
		'an empty suite_ticket',
		{ system: 'thirdPartyApp', items, credential: { suiteTicket: '' } },
		"'Suite Ticket' of the credential is empty",
		/suite_ticket event/,
	],
	[
		'an empty App ID',
		{ system: 'officialAccount', items, credential: { appId: '' } },
		"'App ID' of the credential is empty",
		/开发者ID/,
	],
	[
		'an empty App Secret',
		{ system: 'officialAccount', items, credential: { appSecret: ' ' } },
		"'App Secret' of the credential is empty",
		/开发者密码/,
	],
];

describe.each([
	['in the node', inTheNode],
	['in the credential', inTheCredential],
])('what is wrong %s is said before anything is sent', (_where, cases) => {
	test.each(cases)('%s', async (_what, job, sentence, advice) => {
		const { items: said, error } = await scene.run({ ...job, onError: 'continueRegularOutput' });
		expect(error).toBeUndefined();
		expect(said[0].json.error).toEqual(sentence);
		expect(String(said[0].json.hint ?? '')).toMatch(advice);
		expect(scene.simulator.record.counters()).toEqual({});
	});
});

test('an operation of a later version of the package is named', async () => {
	const { error } = await scene.run({ items, operation: 'teleport' });
	expect(error?.message).toBe("The operation 'teleport' is not known");
	expect(scene.simulator.record.counters()).toEqual({});
});
