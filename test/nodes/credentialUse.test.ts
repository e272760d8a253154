import { NodeConnectionTypes } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, INodeType } from 'n8n-workflow';
import { runNode } from '../helpers/runNode';
import { credentialTypes, sampleFile, setupScene, type AccountKind } from './scene';

const scene = setupScene();

/** Does what n8n's HTTP Request node does with "Predefined Credential Type". */
const httpRequestNode: INodeType = {
	description: {
		displayName: 'HTTP Request',
		name: 'httpRequest',
		group: ['output'],
		version: 1,
		description: 'Makes one request for each item',
		defaults: { name: 'HTTP Request' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: Object.values(credentialTypes).map(({ name }) => ({ name })),
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Method', name: 'method', type: 'string', default: 'GET' },
			{ displayName: 'Body', name: 'body', type: 'json', default: '{}' },
			{ displayName: 'Credential', name: 'credential', type: 'string', default: '' },
		],
	},
	async execute(this: IExecuteFunctions) {
		const answers = await Promise.all(
			this.getInputData().map(async (_item, index) => {
				const type = this.getNodeParameter('credential', index) as string;
				const method = this.getNodeParameter('method', index) as 'GET' | 'POST';
				const url = this.getNodeParameter('url', index) as string;
				const body = JSON.parse(this.getNodeParameter('body', index) as string) as IDataObject;
				const json = (await this.helpers.httpRequestWithAuthentication.call(this, type, {
					url,
					method,
					json: true,
					...(method === 'POST' ? { body } : {}),
				})) as IDataObject;
				return { json, pairedItem: index };
			}),
		);
		return [answers];
	},
};

async function request(account: AccountKind, path: string, more: IDataObject = {}, items = [{}]) {
	const type = credentialTypes[account];
	return await runNode({
		node: {
			type: httpRequestNode,
			parameters: {
				url: `${scene.simulator.url}/cgi-bin/${path}`,
				credential: type.name,
				...(more as object),
			},
			credentials: { [type.name]: scene.credential(account) },
		},
		credentialTypes: [type],
		items,
	});
}

describe("n8n's HTTP Request node with one of these credentials", () => {
	test.each(['corp', 'suite', 'officialAccount'] as const)('%s: gets a token', async (account) => {
		const { items, error } = await request(account, 'getcallbackip');
		expect(error).toBeUndefined();
		expect(items[0].json.ip_list).toHaveLength(2);
	});

	test('robot: gets the key into its address', async () => {
		const body = JSON.stringify({ msgtype: 'text', text: { content: '你好' } });
		const { items, error } = await request('robot', 'webhook/send', { method: 'POST', body });
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ errcode: 0 });
		expect(scene.simulator.state.messages).toHaveLength(1);
	});

	test('ten requests at once share one token', async () => {
		const { items } = await request('corp', 'getcallbackip', {}, Array(10).fill({}));
		expect(items.map(({ json }) => json.errcode)).toEqual(Array(10).fill(0));
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});

	test('a token shared with the WeCom Media node is fetched once', async () => {
		await scene.run({ items: [{ binary: { data: sampleFile('photo.jpg') } }] });
		await request('corp', 'getcallbackip');
		expect(scene.simulator.record.count('gettoken')).toBe(1);
	});

	test.each(['corp', 'suite', 'officialAccount'] as const)(
		'%s: a token that was withdrawn is replaced within a minute',
		async (account) => {
			const realNow = Date.now;
			let later = 0;
			const clock = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + later);
			await request(account, 'getcallbackip');
			scene.simulator.state.revokeTokens();

			later = 30_000;
			const meanwhile = await request(account, 'getcallbackip');
			expect(meanwhile.items[0].json.errcode).toBeGreaterThan(40_000);

			later = 61_000;
			const afterwards = await request(account, 'getcallbackip');
			expect(afterwards.items[0].json.ip_list).toHaveLength(2);
			clock.mockRestore();
		},
	);
});

describe('n8n stores nothing of ours', () => {
	test.each(['corp', 'suite', 'robot', 'officialAccount'] as const)(
		'%s: the credential stays as it was saved',
		async (account) => {
			const path = account === 'robot' ? 'webhook/send' : 'getcallbackip';
			const more = account === 'robot' ? { method: 'POST' } : {};
			const { credentials } = await request(account, path, more);
			const details = { id: 'credential-1', name: '' };
			const stored = await credentials.getCredentials(details, credentialTypes[account].name);
			expect(stored.getData()).toEqual(scene.credential(account));
		},
	);

	test('nor when the node itself used it', async () => {
		const { credentials } = await scene.run({
			items: [{ binary: { data: sampleFile('photo.jpg') } }],
		});
		const details = { id: 'credential-1', name: '' };
		const stored = await credentials.getCredentials(details, 'weComCorpApi');
		expect(stored.getData()).toEqual(scene.credential('corp'));
	});
});
