/** Executions of the trigger: what they ask WeCom for when a push has been handed over. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { WeComMediaTrigger } from '../../nodes/WeComMedia/WeComMediaTrigger.node';
import { handOver } from '../../nodes/WeComMedia/trigger/handOver';
import { readReceived } from '../../nodes/WeComMedia/wecom/callback/events';
import { errorOf, runWorkflow } from '../helpers/engine';
import { TestCredentials } from '../helpers/credentials';
import { credentialTypes, sample, type AccountKind } from '../nodes/scene';
import { appMessage } from '../simulator/inbox/appMessage';
import { eventXml, type CustomerMessage } from '../simulator';
import type { Stage } from './stage';
import { complain, downloaded, LONG, type OtherWork } from './work';

const trigger = new WeComMediaTrigger();
const PDF = { bytes: sample('report.pdf'), fileName: '合同.pdf' };
const PNG = { bytes: sample('picture.png'), fileName: '图表.png' };

interface Push {
	account: AccountKind;
	parameters: INodeParameters;
	credential?: IDataObject;
	/** What WeCom sealed. */
	message: string;
}

type TriggerTask = Omit<OtherWork, 'perform' | 'keepsEvent'> & {
	push(stage: Stage): Push | Promise<Push>;
};

function execution({ push, ...task }: TriggerTask): OtherWork {
	return {
		...task,
		keepsEvent: true,
		perform: async (stage, { onRunning }) => {
			const { account, parameters, credential, message } = await push(stage);
			const type = credentialTypes[account];
			const credentials = new TestCredentials([type]);
			const reference = credentials.store(type.name, stage.credential(account, credential));
			const received = readReceived(Buffer.from(message));
			const run = await runWorkflow({
				// Of one workflow all executions claim from the same row.
				id: stage.name,
				nodes: [
					{
						name: 'Trigger',
						type: trigger.description.name,
						parameters,
						credentials: { [type.name]: reference },
					},
				],
				nodeTypes: [trigger],
				credentials,
				mode: 'webhook',
				triggerOutput: [[handOver({ received, receivedAt: Date.now() })]],
				onRunning,
			});
			const tasks = run.data.resultData.runData.Trigger;
			const items = tasks?.[tasks.length - 1]?.data?.main[0] ?? [];
			return { run, items, errorItems: [], error: errorOf(run), credentials };
		},
	};
}

const seconds = ({ simulator }: Stage) => Math.floor(simulator.state.now() / 1000);

async function finishedJob(stage: Stage): Promise<Push> {
	const { simulator } = stage;
	const job = simulator.jobs.submit({
		app: simulator.state.apps[0],
		type: 'file',
		fileName: '数字.txt',
		url: stage.link(LONG, '数字.txt'),
		md5: stage.md5(LONG),
	});
	await simulator.jobs.settled();
	return {
		account: 'corp',
		parameters: {},
		message: eventXml({
			ToUserName: simulator.demo.corp.corpId,
			FromUserName: 'sys',
			CreateTime: seconds(stage),
			MsgType: 'event',
			Event: 'upload_media_job_finish',
			JobId: job.jobId,
		}),
	};
}

/** A member sends a file to the app, or to the suite's app. */
const sentToApp =
	(account: 'corp' | 'suite') =>
	({ simulator }: Stage): Push => {
		const { apps, suites } = simulator.state;
		const isSuite = account === 'suite';
		const app = isSuite ? apps.find(({ suiteId }) => suiteId === suites[0].suiteId)! : apps[0];
		return {
			account,
			parameters: { events: ['file'], authentication: isSuite ? 'thirdPartyApp' : 'corpSecret' },
			message: appMessage(simulator.state, app, { file: { bytes: LONG, fileName: '数字.txt' } })!,
		};
	};

const writtenToBot =
	(message: Parameters<Stage['toldToBot']>[0]) =>
	(stage: Stage): Push => ({
		account: 'smartBot',
		parameters: { events: ['file', 'image', 'mixed'], authentication: 'smartBot' },
		message: JSON.stringify(stage.toldToBot(message)),
	});

/** What customers have written, and the event that says so. */
const inbox =
	(messages: CustomerMessage[], options: IDataObject = {}) =>
	async (stage: Stage): Promise<Push> => {
		const { simulator } = stage;
		const { customerService } = simulator.people;
		for (const message of messages) await customerService.write({ ...message, silent: true });
		const token = 'ENCmade-up-token-of-an-inbox';
		simulator.state.kfTokens.set(token, { openKfId: 'wkdemo', at: simulator.state.now() });
		return {
			account: 'corp',
			credential: { corpSecret: simulator.demo.corp.customerServiceSecret },
			parameters: { events: ['kf_msg_or_event'], options: options as INodeParameters },
			message: eventXml({
				ToUserName: simulator.demo.corp.corpId,
				CreateTime: seconds(stage),
				MsgType: 'event',
				Event: 'kf_msg_or_event',
				Token: token,
				OpenKfId: 'wkdemo',
			}),
		};
	};

export const triggerWorks: OtherWork[] = [
	execution({
		name: 'trigger: result of a job',
		push: finishedJob,
		effects: 1,
		check: ({ simulator }, { items }) => {
			const { jobid, state, media_id: mediaId } = items[0].json;
			const job = simulator.state.jobs.get(String(jobid));
			return complain(
				state === 'done' && job?.mediaId === mediaId,
				`${String(state)}, ${String(mediaId)}`,
			);
		},
	}),
	execution({
		name: 'trigger: file to an app',
		tokens: true,
		push: sentToApp('corp'),
		effects: 0,
		check: downloaded(LONG),
		capRange: 4096,
	}),
	execution({
		name: 'trigger: file to a third-party app',
		push: sentToApp('suite'),
		effects: 0,
		check: downloaded(LONG),
	}),
	execution({
		name: 'trigger: file to a smart bot',
		push: writtenToBot({ kind: 'file', file: PDF }),
		effects: 0,
		check: downloaded(PDF.bytes),
	}),
	execution({
		name: 'trigger: two pictures to a smart bot',
		push: writtenToBot({ mixed: ['看', PNG, PNG] }),
		effects: 0,
		check: downloaded(PNG.bytes),
	}),
	execution({
		name: 'trigger: inbox of customers',
		push: inbox([{ text: '在吗？' }, { file: PDF }], { customerName: true }),
		effects: 0,
		check: async (stage, run) => [
			...complain(run.items.length === 2, `${run.items.length} items instead of 2`),
			...complain(run.items[0]?.json.text === '在吗？', 'other words came'),
			...(run.items.length === 2
				? await downloaded(PDF.bytes)(stage, { ...run, items: [run.items[1]] })
				: []),
		],
	}),
];
