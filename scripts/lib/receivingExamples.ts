/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sample } from '../../test/e2e/files';
import type { RealN8n } from '../../test/e2e/realN8n';
import type { CallbackTarget, Simulator } from '../../test/simulator';
import { firstItem, sha256, succeeded } from './exampleRun';
import type { RoundTrip } from './exampleRun';
import { activateTrigger, startedBy } from './largeFiles';

const ARCHIVE_ID = 'wecomArchive0001';
const BOT_ID = 'wecomBotTakes001';
const CUSTOMER_ID = 'wecomCustomer001';
const TRIGGER = 'WeCom Media Trigger';

/** Runs "archive what members send to the app": a member sends a picture. */
export async function runArchiveExample(n8n: RealN8n, simulator: Simulator): Promise<RoundTrip> {
	const bytes = await sample('photo.jpg');
	const json = await received(n8n, simulator, ARCHIVE_ID, simulator.targets.app, async () => {
		await simulator.people.writeToApp({ file: { bytes, fileName: '现场照片.jpg' } });
	});
	return trip('from a member', json, bytes, await savedFile(n8n, json));
}

/** Runs "a smart bot takes a file": somebody sends it a contract; the group gets it, the sender an answer. */
export async function runBotExample(n8n: RealN8n, simulator: Simulator): Promise<RoundTrip> {
	const bytes = await sample('report.pdf');
	const json = await received(n8n, simulator, BOT_ID, simulator.targets.bot, async () => {
		await simulator.people.writeToBot({ file: { bytes, fileName: '合同.pdf' } });
	});
	const { messages } = simulator.state;
	const inGroup = messages.filter(({ via }) => via === 'robot').at(-1)?.media?.bytes;
	const answer = messages.filter(({ via }) => via === 'smartBot').at(-1);
	if (!JSON.stringify(answer?.body ?? {}).includes('合同.pdf')) {
		throw new Error('The smart bot did not answer.');
	}
	return trip('from a smart bot', json, bytes, inGroup);
}

/** Runs "save customers' pictures and answer": a customer sends one. */
export async function runCustomerExample(n8n: RealN8n, simulator: Simulator): Promise<RoundTrip> {
	const bytes = await sample('photo.jpg');
	const target = simulator.targets.customerService;
	const json = await received(n8n, simulator, CUSTOMER_ID, target, async () => {
		await simulator.people.customerService.write({ file: { bytes, fileName: '收据.jpg' } });
	});
	const answered = simulator.state.messages.some(
		({ via, to }) => via === 'customerService' && to.includes(String(json.external_userid)),
	);
	if (!answered) throw new Error('The customer got no answer.');
	return trip('from a customer', json, bytes, await savedFile(n8n, json));
}

/** Activates a workflow as its receiver, lets somebody write, and gives the trigger's item. */
async function received(
	n8n: RealN8n,
	simulator: Simulator,
	workflowId: string,
	target: CallbackTarget,
	write: () => Promise<void>,
): Promise<Record<string, unknown>> {
	await activateTrigger(n8n, simulator, workflowId, target);
	const execution = await n8n.rest.finished(await startedBy(n8n, workflowId, write));
	succeeded(execution);
	return firstItem(execution, TRIGGER);
}

/** What the workflow wrote for this message. */
async function savedFile(
	n8n: RealN8n,
	{ msgid }: Record<string, unknown>,
): Promise<Buffer | undefined> {
	const name = (await readdir(n8n.filesFolder)).find((each) => each.includes(` ${String(msgid)} `));
	return name ? await readFile(join(n8n.filesFolder, name)) : undefined;
}

function trip(
	way: string,
	json: Record<string, unknown>,
	sent: Buffer,
	arrived: Buffer | undefined,
): RoundTrip {
	return {
		way,
		fileName: String(json.file_name),
		size: Number(json.file_size),
		mediaId: String(json.media_id ?? ''),
		sent: sha256(sent),
		received: arrived ? sha256(arrived) : '',
	};
}
