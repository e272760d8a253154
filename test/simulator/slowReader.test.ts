/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { get, ServerResponse } from 'node:http';
import { startSimulator, type Simulator } from '.';
import { corpToken } from './testClient';

let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.close());

/** Reads a piece, lets the sender fill every buffer between, reads the next. */
async function readSlowly(url: string): Promise<number> {
	return await new Promise((resolve, reject) => {
		get(url, { agent: false, headers: { range: 'bytes=0-16777215' } }, (incoming) => {
			let bytes = 0;
			incoming.on('data', (piece: Buffer) => {
				bytes += piece.length;
				incoming.pause();
				setTimeout(() => incoming.resume(), 1);
			});
			incoming.on('end', () => resolve(bytes));
		}).on('error', reject);
	});
}

test('a big file for a slow reader leaves no listeners behind, one for each pause', async () => {
	const on = jest.spyOn(ServerResponse.prototype, 'on');
	const token = await corpToken(simulator);
	const id = simulator.state.addMedia({ bytes: Buffer.alloc(16 * 1024 * 1024, 'x') });
	const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${id}`;
	expect(await readSlowly(url)).toBe(16 * 1024 * 1024);
	const waits = on.mock.calls.filter(([event]) => event === 'drain');
	expect(waits.length).toBeGreaterThan(10);
	for (const response of on.mock.contexts as ServerResponse[]) {
		expect(response.listenerCount('drain')).toBe(0);
		expect(response.listenerCount('close')).toBeLessThan(5);
	}
	on.mockRestore();
});
