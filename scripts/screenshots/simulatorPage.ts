import { MIB, pdfOf } from '../../test/e2e/files';
import { readFiles, weComMedia, workflowOf, type Step } from '../../test/e2e/workflowOf';
import { startLinkHost } from '../../test/simulator';
import { areaOf, type Picture, type Studio } from './studio';

/** What arrived at the simulated WeCom after a file went every way it can. */
export const simulatorPicture: Picture = {
	path: 'docs/simulator.png',
	async show(_editor, studio) {
		await sendSomething(studio);
		const page = await studio.browser.newPage({
			viewport: { width: 1100, height: 1600 },
			deviceScaleFactor: 1.5,
			colorScheme: 'light',
		});
		await page.goto(studio.world.simulator.url);
		const { x, y, width } = await areaOf(page.locator('body'));
		const { height } = await areaOf(page.locator('#live section').nth(2));
		const top = (await areaOf(page.locator('#live section').nth(2))).y;
		const margin = 24;
		return {
			page,
			clip: {
				x: x - margin,
				y: Math.max(0, y - margin),
				width: width + 2 * margin,
				height: top + height + margin,
			},
		};
	},
};

async function sendSomething({ world, credentials }: Studio): Promise<void> {
	const { rest, simulator } = world;
	const corp = { weComCorpApi: credentials.get('wecomDemoCorpApp')! };
	const robot = { weComWebhookApi: credentials.get('wecomDemoRobot01')! };
	const run = async (...steps: Step[]) => {
		const { status, error } = await rest.run(
			await rest.createWorkflow(workflowOf('For the picture', ...steps)),
		);
		if (status !== 'success') throw new Error(error?.message ?? status);
	};
	const report = await world.addFile('季度报告 2026-Q3.pdf', pdfOf(1.4 * MIB));
	await run(
		readFiles(report),
		weComMedia('Group', robot, {
			resource: 'robot',
			operation: 'send',
			text: '本周的季度报告已完成，请查收。',
		}),
	);
	await run(
		readFiles(report),
		weComMedia('Members', corp, {
			resource: 'app',
			operation: 'send',
			toUser: 'ZhangSan, LiSi',
		}),
	);
	const links = await startLinkHost({ files: { 'training.mp4': pdfOf(21 * MIB) } });
	try {
		await run(
			weComMedia('Large', corp, {
				resource: 'app',
				operation: 'asyncUpload',
				url: `${links.url}/training.mp4`,
				fileName: '新员工培训.mp4',
				waitForCompletion: true,
			}),
		);
	} finally {
		await links.close();
	}
	await simulator.jobs.settled();
}
