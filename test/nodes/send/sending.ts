/** The operation `send` in n8n's real engine, and what arrived at the simulator. */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';
import type { DeliveredMessage, SimulatorOptions } from '../../simulator';
import { pauses, setupScene, type Job, type Scene, type SystemName } from '../scene';

export interface SendJob extends Omit<Job, 'operation' | 'parameters' | 'system'> {
	/** Default `app`. */
	system?: SystemName;
	parameters?: INodeParameters;
}

export interface SendScene extends Scene {
	send(job: SendJob): ReturnType<Scene['run']>;
	/** What reached somebody, oldest first. */
	arrived(): DeliveredMessage[];
	/** Texts of the remarks under the output of a run. */
	remarks(run: Awaited<ReturnType<Scene['run']>>): string[];
}

/** Whom a message of each system goes to, as the panel's fields say it; all of them exist in the demo. */
const receivers = {
	robot: {},
	app: { sendTo: 'members', toUser: 'LiSi' },
	thirdPartyApp: { sendTo: 'members', toUser: 'LiSi' },
	customerService: { toUser: 'wmdemocustomer', openKfId: 'wkdemo' },
	officialAccount: { toUser: 'odemofollower' },
} satisfies Record<string, INodeParameters>;

/** To be called once in a test file, outside any test: every pause of the node moves the clock by its whole length. */
export function useClockOfPauses(): void {
	beforeEach(() => {
		const realNow = Date.now.bind(Date);
		let ahead = 0;
		jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
		pauses.onPause = () => {
			ahead += pauses.lengths[pauses.lengths.length - 1];
		};
	});
	afterEach(() => jest.restoreAllMocks());
}

/** To be called once in a test file, outside any test. */
export function setupSending(options?: Omit<SimulatorOptions, 'pathPrefix'>): SendScene {
	const scene = setupScene(options);
	const send: SendScene['send'] = async (job) => {
		const system = job.system ?? 'app';
		const { agentId, customerServiceSecret } = scene.simulator.demo.corp;
		const extra: Partial<Record<SystemName, IDataObject>> = {
			app: { agentId: String(agentId) },
			customerService: { corpSecret: customerServiceSecret },
		};
		return await scene.run({
			...job,
			operation: 'send',
			parameters: { ...receivers[system], ...job.parameters },
			credential: { ...extra[system], ...job.credential } as ICredentialDataDecryptedObject,
		});
	};
	return {
		get simulator() {
			return scene.simulator;
		},
		credential: scene.credential,
		run: scene.run,
		send,
		arrived: () => scene.simulator.state.messages,
		remarks: ({ run }) => {
			const tasks = run.data.resultData.runData['Node under test'] ?? [];
			return tasks.flatMap(({ hints = [] }) => hints.map(({ message }) => message));
		},
	};
}
