import { operationOf, resources } from '../../nodes/WeComMedia/actions/resources';
import { sampleFile, setupScene, type Job } from './scene';

const scene = setupScene();

const remarksOf = async (job: Job): Promise<string[]> => {
	const { run, error } = await scene.run(job);
	expect(error).toBeUndefined();
	const tasks = run.data.resultData.runData['Node under test'];
	return tasks.flatMap(({ hints = [] }) => hints.map(({ message }) => message));
};

const members = { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] };
const picture = [{ binary: { data: sampleFile('picture.png') } }];
/** What costs the user something when it is done twice. */
const COSTLY: Job[] = [
	{ system: 'robot', operation: 'send', parameters: { content: 'text', text: 'hello' } },
	{ operation: 'uploadImg', items: picture },
	{ operation: 'createChat', parameters: { chatName: '日报', chatMembers: members } },
	{ operation: 'addWelcomeMaterial', parameters: { content: 'text', text: '欢迎' } },
	{ system: 'officialAccount', operation: 'uploadPermanent', items: picture },
	{ system: 'officialAccount', operation: 'uploadImg', items: picture },
];

describe('Retry On Fail in the settings of the node', () => {
	test.each(COSTLY.map((job) => [job.system ?? 'app', job.operation, job] as const))(
		'%s, %s: is warned of, since it does again what had been done',
		async (_system, _operation, job) => {
			expect(await remarksOf({ ...job, retryOnFail: true })).toContainEqual(
				expect.stringMatching(/^'Retry On Fail' .* again.*\. Turn it off/),
			);
			expect((await remarksOf(job)).join()).not.toContain('Retry On Fail');
		},
	);

	test('does no harm where a call may be repeated', async () => {
		expect(await remarksOf({ operation: 'upload', items: picture, retryOnFail: true })).toEqual([]);
	});

	test('every operation that must not be done twice says what it would do again', () => {
		const warned = Object.entries(resources).flatMap(([resource, { operations }]) =>
			operations
				.map(({ value }) => String(value))
				.filter((operation) => operationOf(resource, operation)?.repeats !== undefined)
				.map((operation) => `${resource}/${operation}`),
		);
		expect(warned.sort()).toEqual([
			'app/addWelcomeMaterial',
			'app/asyncUpload',
			'app/createChat',
			'app/send',
			'app/uploadImg',
			'customerService/send',
			'officialAccount/send',
			'officialAccount/uploadImg',
			'officialAccount/uploadPermanent',
			'robot/send',
			'smartBot/reply',
		]);
	});
});
