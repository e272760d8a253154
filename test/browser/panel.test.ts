import type { INodeParameters, INodeTypeDescription } from 'n8n-workflow';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import { WeComMediaTrigger } from '../../nodes/WeComMedia/WeComMediaTrigger.node';
import { lineOf, weComMedia, workflowOf } from '../e2e/workflowOf';
import { choices, everyOperation, named, optionsFor, shownFor } from '../helpers/panel';
import { eventually } from './editor';
import { startStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await startStage();
});
afterAll(async () => await stage?.close());

const media = new WeComMedia().description;
const trigger = new WeComMediaTrigger().description;
const operations = everyOperation(media);

describe('the panel of nodes', () => {
	test.each([
		...['wecom', '企业微信', '企微', 'media', '素材', '机器人', '发文件'],
		...['upload file', 'send file', 'wecom robot'],
	])('searched for "%s" offers WeCom Media', async (text) => {
		await stage.editor.openNodePanel();
		expect(await (await stage.editor.find(text, 'WeCom Media')).count()).toBe(1);
	});

	test('lists what starts a workflow and every operation, by resource', async () => {
		const { editor } = stage;
		await editor.openNodePanel();
		await (await editor.find('wecom trigger', 'WeCom Media')).click();
		const events = choices(named(trigger.properties, 'events'));
		// As n8n words them: "On message file" of "Message: File".
		expect(await editor.actions('Triggers')).toEqual(
			events.map(({ name }) => `On ${name.toLowerCase().replace(/[^a-z ]/g, '')}`),
		);
		expect(await editor.actions('Actions')).toEqual(
			operations.map(({ operation }) => operation.action),
		);
	});

	test('gives the trigger where one is sought', async () => {
		const { editor } = stage;
		await editor.openNodePanel();
		await (await editor.find('企业微信', 'WeCom Media')).click();
		await editor.part('node-creator-item-name').getByText('On large upload finished').click();
		const title = editor.part('node-title-container').filter({ hasText: 'WeCom Media Trigger' });
		await title.waitFor();
		await settles(trigger, {});
	});
});

describe('the panel of WeCom Media', () => {
	beforeAll(async () => {
		const node = weComMedia('WeCom Media', {}, { resource: 'app', operation: 'upload' });
		const { id } = await stage.rest.createWorkflow(workflowOf('Panel', node));
		await stage.editor.openNode(id, '1');
	});

	test.each(operations.map(({ resource, operation }) => [resource.name, operation.name] as const))(
		'%s, %s shows its own fields, notices and options, and no others',
		async (resourceName, operationName) => {
			const { resource, operation } = operations.find(
				(entry) => entry.resource.name === resourceName && entry.operation.name === operationName,
			)!;
			await stage.editor.choose('resource', resource.name);
			await stage.editor.choose('operation', operation.name);
			await settles(media, { resource: resource.value, operation: operation.value });
		},
	);

	test.each([
		['Corp App', 'Upload Large File', 'source', 'Binary Field', 'binary'],
		['Corp App', 'Send', 'sendTo', 'App Chat', 'appChat'],
		['Corp App', 'Send', 'content', 'Text Only', 'text'],
		['Group Robot', 'Send', 'content', 'Media ID', 'mediaId'],
	])('%s, %s: %s "%s" changes the fields', async (resource, operation, field, choice, value) => {
		const entry = operations.find(
			(one) => one.resource.name === resource && one.operation.name === operation,
		)!;
		const node = weComMedia(
			'WeCom Media',
			{},
			{
				resource: String(entry.resource.value),
				operation: String(entry.operation.value),
			},
		);
		const { id } = await stage.rest.createWorkflow(workflowOf('Choice', node));
		await stage.editor.openNode(id, '1');
		await stage.editor.choose(field, choice);
		await settles(media, {
			resource: entry.resource.value,
			operation: entry.operation.value,
			[field]: value,
		});
	});
});

test('the panel of the trigger shows its fields and how to set it up', async () => {
	const { id } = await stage.rest.createWorkflow(
		lineOf('Trigger', {
			name: 'WeCom Media Trigger',
			type: 'n8n-nodes-wecom-media.weComMediaTrigger',
			typeVersion: 1,
			parameters: {},
			webhookId: '0b7f5a1e-1111-4c58-9d0f-0a5a6f1c0001',
		}),
	);
	await stage.editor.openNode(id, '0');
	await settles(trigger, {});
});

/** The open panel comes to show what the description says for these choices. */
async function settles(description: INodeTypeDescription, chosen: INodeParameters): Promise<void> {
	const { editor } = stage;
	const shown = shownFor(description, chosen);
	const titles = (kinds: (type: string) => boolean) =>
		shown.filter(({ type }) => kinds(type)).map(({ displayName }) => displayName);
	const expected = {
		labels: titles((type) => type !== 'notice'),
		notices: titles((type) => type === 'notice'),
	};
	await eventually(async () => {
		const seen = {
			labels: (await editor.labels()).filter((label) => label !== 'Credential to connect with'),
			notices: await editor.notices(),
		};
		expect(seen).toEqual(expected);
	});
	const names = optionsFor(description, chosen).map(({ displayName }) => displayName);
	expect(await editor.offeredOptions()).toEqual(names);
}
