import { setupSending } from './sending';

const scene = setupSending();

test.each(['app', 'thirdPartyApp', 'customerService', 'robot'] as const)(
	'%s: a file above 20 MB is refused before anything is asked, with what helps',
	async (system) => {
		const bytes = Buffer.alloc(20 * 1024 * 1024 + 1, 1);
		const { error } = await scene.send({
			system,
			parameters: { text: 'see below' },
			items: [{ binary: { data: { bytes, fileName: '培训.bin' } } }],
		});
		expect(error?.message).toMatch(/^'培训.bin' has 20.* MB; the .* sends up to 20 MB \[item 0\]$/);
		expect(error?.description).toBe(
			"No message takes such a file. Store it where the receivers can open it, and send its link as text ('Content' set to Text Only).",
		);
		expect(scene.simulator.record.counters()).toEqual({});
	},
);

describe('Retry On Fail in the settings of the node', () => {
	test('is warned of, since it sends again what had arrived', async () => {
		const run = await scene.send({
			system: 'robot',
			parameters: { content: 'text', text: 'hello' },
			retryOnFail: true,
		});
		expect(scene.remarks(run)).toEqual([expect.stringContaining("'Retry On Fail'")]);
	});

	test('that is off is not mentioned', async () => {
		const run = await scene.send({
			system: 'robot',
			parameters: { content: 'text', text: 'hello' },
		});
		expect(scene.remarks(run)).toEqual([]);
	});
});
