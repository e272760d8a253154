import { MIB, pdfOf } from '../e2e/files';
import { saveAccounts } from '../e2e/accounts';
import { activate, webhook, weComMediaTrigger } from '../e2e/activeWorkflow';
import type { ActiveWorkflow } from '../e2e/activeWorkflow';
import type { World } from '../e2e/world';
import type { Step } from '../e2e/workflowOf';
import type { Downstream } from '../queue/downstream';
import type { LinkHost } from '../simulator';

/** The kinds of work that the soak mixes, each a workflow that a call starts. */
export interface SoakWorkflows {
	/** Makes a file, uploads it, downloads it again, sends it to an app chat. */
	roundTrip: ActiveWorkflow;
	/** Lets WeCom fetch a file from a link; the trigger goes on when that is done. */
	large: ActiveWorkflow;
	/** Started by WeCom's callback. */
	finished: ActiveWorkflow;
}

/** Bytes of the file behind the link of `large`. */
export const LARGE_BYTES = 3 * MIB + 7;

/** n8n's Webhook node that answers at once. */
function startedByCall(): Step {
	const step = webhook();
	return { ...step, parameters: { ...step.parameters, responseMode: 'onReceived' } };
}

export async function saveWorkflows(
	world: World,
	host: LinkHost,
	downstream: Downstream,
): Promise<SoakWorkflows> {
	const accounts = await saveAccounts(world);
	const keyed = "$('Webhook').item.json.body.key";
	const roundTrip = await activate(
		world,
		'Round trip',
		startedByCall(),
		{
			name: 'Text',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: {
				mode: 'raw',
				jsonOutput:
					"={{ { text: ($json.body.key + ' 季度报告 ').repeat($json.body.times), key: $json.body.key } }}",
				options: {},
			},
		},
		{
			name: 'As File',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			parameters: {
				operation: 'toText',
				sourceProperty: 'text',
				binaryPropertyName: 'data',
				options: { fileName: `={{ ${keyed} }}.txt` },
			},
		},
		accounts.node('Upload', 'app', 'upload', { mediaType: 'file' }),
		accounts.node('Download', 'app', 'get', { mediaId: '={{ $json.media_id }}' }),
		accounts.node('Send', 'app', 'send', {
			sendTo: 'appChat',
			chatId: world.simulator.demo.corp.chatId,
			content: 'binary',
			mediaType: 'file',
		}),
		downstream.step(`${keyed} + ' ' + $('Download').item.json.file_size`),
	);
	const app = accounts.credentials('app');
	const finished = await activate(
		world,
		'Large upload finished',
		weComMediaTrigger(app),
		downstream.step("$json.jobid + ' ' + $json.state"),
	);
	await world.simulator.verifyCallbackUrl(finished.url);
	host.put('training.pdf', pdfOf(LARGE_BYTES));
	const large = await activate(
		world,
		'Large upload',
		startedByCall(),
		accounts.node('Submit', 'app', 'asyncUpload', {
			source: 'url',
			url: host.link('training.pdf'),
			mediaType: 'file',
			fileName: `={{ $json.body.key }}.pdf`,
		}),
	);
	return { roundTrip, large, finished };
}
