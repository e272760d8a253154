/** What n8n's own Convert to File makes arrives in WeCom under a name that its readers can open. */
import { saveAccounts } from './accounts';
import type { Accounts } from './accounts';
import { sample } from './files';
import { outputOf } from './rest';
import { items, workflowOf, type Step } from './workflowOf';
import { N8N_VERSION, startWorld, type World } from './world';

let world: World;
let accounts: Accounts;
beforeAll(async () => {
	world = await startWorld();
	accounts = await saveAccounts(world);
});
afterAll(async () => await world?.close());

const convert = (
	operation: string,
	{ mimeType, ...parameters }: Record<string, string>,
	fileName: string | undefined,
): Step => ({
	name: 'Convert',
	type: 'n8n-nodes-base.convertToFile',
	typeVersion: 1.1,
	parameters: {
		operation,
		...parameters,
		options: { ...(fileName && { fileName }), ...(mimeType && { mimeType }) },
	},
});

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XML = '<?xml version="1.0" encoding="utf-8"?><reports><report>张三</report></reports>';
/** What the items hold beside a name and a sum. */
const contents = async () => ({
	xml: XML,
	xmlBase64: Buffer.from(XML).toString('base64'),
	docx: (await sample('letter.docx')).toString('base64'),
});

/** The operation of Convert to File, its parameters, the name given there, and the one WeCom gets. */
const FILES: Array<[string, Record<string, string>, string | undefined, RegExp]> = [
	['csv', {}, undefined, /\.csv$/i],
	['csv', {}, '季度报告', /^季度报告\.csv$/],
	['html', {}, '季度报告', /^季度报告\.html$/],
	[
		'iCal',
		{ title: '会议', start: '2026-01-02T10:00:00', end: '2026-01-02T11:00:00' },
		undefined,
		/\.ics$/,
	],
	['toJson', {}, '季度报告', /^季度报告\.json$/],
	['rtf', {}, '季度报告', /^季度报告\.rtf$/],
	['toText', { sourceProperty: 'name' }, '季度报告', /^季度报告\.txt$/],
	['toText', { sourceProperty: 'xml' }, '季度报告.xml', /^季度报告\.xml$/],
	['toBinary', { sourceProperty: 'docx' }, '季度报告', /^季度报告\.docx$/],
	['toBinary', { sourceProperty: 'docx', mimeType: DOCX }, undefined, /\.docx$/],
	['toBinary', { sourceProperty: 'xmlBase64', mimeType: 'application/xml' }, '目录', /^目录\.xml$/],
	['xls', {}, '季度报告', /^季度报告\.xls$/],
	['xlsx', {}, undefined, /\.xlsx$/i],
	['xlsx', {}, '季度报告', /^季度报告\.xlsx$/],
];

describe.each(['upload', 'send'])(
	`in a real n8n ${N8N_VERSION} %s of what Convert to File makes`,
	(operation) => {
		test.each(FILES)('%s %j named %j', async (kind, parameters, fileName, expected) => {
			const made = items([
				{ name: '张三 made up', sum: 1, ...(await contents()) },
				{ name: '李四 made up', sum: 2, ...(await contents()) },
			]);
			const target =
				operation === 'send' ? { content: 'binary', toUser: 'ZhangSan', sendTo: 'members' } : {};
			const execution = await world.rest.run(
				await world.rest.createWorkflow(
					workflowOf(
						`${operation} ${kind} ${fileName ?? ''}`,
						...made,
						convert(
							kind,
							{ ...parameters, ...(kind === 'toJson' ? { mode: 'once' } : {}) },
							fileName,
						),
						accounts.node('Node', 'app', operation, {
							mediaType: 'auto',
							binaryPropertyName: 'data',
							...target,
						}),
					),
				),
			);
			expect(execution.error).toBeUndefined();
			const { json } = outputOf(execution, 'Node')[0];
			expect(json.file_name).toMatch(expected);
			expect(world.simulator.state.media.get(String(json.media_id))?.fileName).toBe(json.file_name);
		});
	},
);

test('the file itself may be dragged into the field', async () => {
	const execution = await world.rest.run(
		await world.rest.createWorkflow(
			workflowOf(
				'dragged',
				...items([{ name: '张三', sum: 1 }]),
				convert('xlsx', {}, '季度报告'),
				accounts.node('Node', 'app', 'upload', {
					mediaType: 'auto',
					binaryPropertyName: '={{ $binary.data }}',
				}),
			),
		),
	);
	expect(execution.error).toBeUndefined();
	expect(outputOf(execution, 'Node')[0].json.file_name).toBe('季度报告.xlsx');
});
