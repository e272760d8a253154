/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** The node in n8n's real engine, talking to a simulator of its own in every test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setupEngine, type BinaryMode } from '../helpers/engine';
import { runNode, type NodeRun, type NodeRunOptions, type TestFile } from '../helpers/runNode';
import { replaceSleep } from '../helpers/sleep';
import { WeComMedia } from '../../nodes/WeComMedia/WeComMedia.node';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	INode,
	INodeParameters,
} from 'n8n-workflow';
import { WeChatOfficialAccountApi } from '../../credentials/WeChatOfficialAccountApi.credentials';
import { WeComCorpApi } from '../../credentials/WeComCorpApi.credentials';
import { WeComSmartBotApi } from '../../credentials/WeComSmartBotApi.credentials';
import { WeComSuiteApi } from '../../credentials/WeComSuiteApi.credentials';
import { WeComWebhookApi } from '../../credentials/WeComWebhookApi.credentials';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';

export const credentialTypes = {
	corp: new WeComCorpApi(),
	suite: new WeComSuiteApi(),
	robot: new WeComWebhookApi(),
	smartBot: new WeComSmartBotApi(),
	officialAccount: new WeChatOfficialAccountApi(),
} satisfies Record<string, ICredentialType>;

export type AccountKind = keyof typeof credentialTypes;

/** Whom the node speaks for, as the panel's Resource and Authentication say it. */
export const systems = {
	app: { parameters: { resource: 'app', authentication: 'corpSecret' }, account: 'corp' },
	thirdPartyApp: {
		parameters: { resource: 'app', authentication: 'thirdPartyApp' },
		account: 'suite',
	},
	customerService: { parameters: { resource: 'customerService' }, account: 'corp' },
	robot: { parameters: { resource: 'robot' }, account: 'robot' },
	officialAccount: { parameters: { resource: 'officialAccount' }, account: 'officialAccount' },
} satisfies Record<string, { parameters: INodeParameters; account: AccountKind }>;

export type SystemName = keyof typeof systems;

/** The systems, and the smart bot, which takes no files. */
export const allSystems = {
	...systems,
	smartBot: { parameters: { resource: 'smartBot' }, account: 'smartBot' },
} satisfies typeof systems & Record<string, { parameters: INodeParameters; account: AccountKind }>;

export type AnySystemName = keyof typeof allSystems;

/** What a test says of one run; everything else has the panel's defaults. */
export interface Job extends Pick<NodeRunOptions, 'items' | 'settings' | 'onRunning'> {
	/** Default `app`. */
	system?: AnySystemName;
	/** Default `upload`. */
	operation?: string;
	parameters?: INodeParameters;
	options?: INodeParameters;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	/** Fields that differ from the demo account's. */
	credential?: ICredentialDataDecryptedObject;
}

/** A node's pauses pass this much faster than the wall's clock says. */
const SPEED = 200;

export interface Scene {
	/** The simulator of the running test. */
	readonly simulator: Simulator;
	run(job: Job): Promise<NodeRun>;
	/** The credential's fields for the demo account, with changes. */
	credential(account: AccountKind, changes?: IDataObject): ICredentialDataDecryptedObject;
}

/** What the tests see and do when the node pauses; cleared before each test. */
export const pauses: { lengths: number[]; onPause?: () => void } = { lengths: [] };

function hurryPauses(): void {
	replaceSleep((sleep) => async (ms) => {
		pauses.lengths.push(ms);
		pauses.onPause?.();
		await sleep(ms / SPEED);
	});
}

/** A promise for a fault's `hold`, and what lets the held calls go on. */
export function gate(): { hold: Promise<void>; open(): void } {
	let open = () => {};
	const hold = new Promise<void>((resolve) => (open = resolve));
	return { hold, open };
}

/** How often {@link until} looks, 2 ms apart: below jest's 30 s, so that the message says which wait it was. */
const LOOKS = 10_000;

/**
 * Waits until something has happened.
 *
 * @throws Error, with the condition as it is written, when it never does
 */
export async function until(hasHappened: () => boolean): Promise<void> {
	for (let looks = 0; !hasHappened(); looks += 1) {
		if (looks === LOOKS) throw new Error(`It never came to ${String(hasHappened)}`);
		await new Promise((resolve) => setTimeout(resolve, 2));
	}
}

/** The credential's fields for an account of a simulator's demo world, with changes. */
export function credentialOf(
	simulator: Simulator,
	account: AccountKind,
	changes: IDataObject = {},
): ICredentialDataDecryptedObject {
	const { corp, suite, robot, bot, officialAccount } = simulator.demo;
	const fields: Record<AccountKind, ICredentialDataDecryptedObject> = {
		corp: { corpId: corp.corpId, corpSecret: corp.corpSecret },
		suite: {
			suiteId: suite.suiteId,
			suiteSecret: suite.suiteSecret,
			suiteTicket: suite.suiteTicket,
			authCorpId: suite.authCorpId,
			permanentCode: suite.permanentCode,
		},
		robot: { webhookKey: robot.webhookKey },
		smartBot: { callbackToken: bot.callbackToken, encodingAesKey: bot.encodingAesKey },
		officialAccount: { appId: officialAccount.appId, appSecret: officialAccount.appSecret },
	};
	return { ...fields[account], baseUrl: simulator.url, ...changes } as typeof fields.corp;
}

let scenes = 0;

/** To be called once in a test file, outside any test. */
export function setupScene(
	options: Omit<SimulatorOptions, 'pathPrefix'> & { binaryMode?: BinaryMode } = {},
): Scene {
	const { binaryMode, ...simulatorOptions } = options;
	const node = new WeComMedia();
	let simulator: Simulator;
	setupEngine({ binaryMode });
	hurryPauses();
	beforeEach(async () => {
		pauses.lengths = [];
		pauses.onPause = undefined;
		// A path of its own keeps tokens of another test's simulator, were it on the same port, apart.
		simulator = await startSimulator({ ...simulatorOptions, pathPrefix: `/test-${++scenes}` });
	});
	afterEach(async () => await simulator.close());

	const credential: Scene['credential'] = (account, changes) =>
		credentialOf(simulator, account, changes);

	return {
		get simulator() {
			return simulator;
		},
		credential,
		run: async (job) => {
			const { parameters, account } = allSystems[job.system ?? 'app'];
			const type = credentialTypes[account];
			return await runNode({
				node: {
					type: node,
					parameters: {
						...parameters,
						operation: job.operation ?? 'upload',
						...job.parameters,
						options: { ...job.options },
					},
					credentials: { [type.name]: credential(account, job.credential) },
					onError: job.onError,
					retryOnFail: job.retryOnFail,
				},
				credentialTypes: [type],
				items: job.items,
				settings: job.settings,
				onRunning: job.onRunning,
			});
		},
	};
}

const MIME_TYPES: Record<string, string> = {
	amr: 'audio/amr',
	gif: 'image/gif',
	jpg: 'image/jpeg',
	docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
	mp3: 'audio/mpeg',
	mp4: 'video/mp4',
	pdf: 'application/pdf',
	png: 'image/png',
	pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
	silk: 'audio/silk',
	xls: 'application/vnd.ms-excel',
	xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export type Sample = `${string}.${
	| 'amr'
	| 'docx'
	| 'gif'
	| 'jpg'
	| 'mp3'
	| 'mp4'
	| 'pdf'
	| 'png'
	| 'pptx'
	| 'silk'
	| 'xls'
	| 'xlsx'}`;

/** The bytes of one of the small real files. */
export function sample(name: Sample): Buffer {
	return readFileSync(join(__dirname, '..', 'fixtures', 'media', name));
}

/** One of the small real files as a binary field, under its own name or another. */
export function sampleFile(name: Sample, fileName: string = name): TestFile {
	const extension = name.split('.').pop() ?? '';
	return { bytes: sample(name), fileName, mimeType: MIME_TYPES[extension] };
}

/** An AMR narrow-band voice that lasts so many seconds: frames of 20 ms without data. */
export function voiceOf(seconds: number): Buffer {
	return Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(seconds * 50, 15 << 3)]);
}
