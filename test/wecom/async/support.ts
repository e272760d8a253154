/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Links that WeCom should fetch, and jobs of the simulator, with time that only passes where somebody waits. */
import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
	submitJob,
	type AsyncRequest,
	type SubmittedJob,
} from '../../../nodes/WeComMedia/wecom/calls/asyncUpload';
import { WeComInputError } from '../../../nodes/WeComMedia/wecom/client/errors';
import { startLinkHost, type LinkHost } from '../../simulator';
import { failureOf, type Scene } from '../scene';

export const md5Of = (bytes: Buffer | string): string =>
	createHash('md5').update(bytes).digest('hex');

/** @returns a host of links that is new for every test */
export function useLinks(): LinkHost {
	const host = {} as LinkHost;
	beforeEach(async () => {
		Object.assign(host, await startLinkHost());
	});
	afterEach(async () => await host.close());
	return host;
}

/** A server that says what a test wants it to, closed after the test. @returns its link */
export async function serve(listener: RequestListener, path = '/film.mp4'): Promise<string> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	open.push(server);
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
}

const open: Server[] = [];
afterEach(async () => {
	for (const server of open.splice(0)) {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});

/** @returns a link to a port where nobody listens */
export async function nobodysLink(): Promise<string> {
	const link = await serve(() => undefined);
	const [server] = open.splice(-1);
	await new Promise((resolve) => server.close(resolve));
	return link;
}

/** Submits with the panel's defaults. */
export async function submit(
	scene: Scene,
	url: string,
	changes: Partial<AsyncRequest> = {},
): Promise<SubmittedJob> {
	const request = { url, type: 'file', fileName: '', md5: '', checkUrl: true } as const;
	return await submitJob(scene.app().client, { ...request, ...changes });
}

/** @returns the sentence a link is refused with, after checking that nothing was submitted */
export async function refusalOf(
	scene: Scene,
	url: string,
	changes: Partial<AsyncRequest> = {},
): Promise<WeComInputError> {
	const error = await failureOf(submit(scene, url, changes), WeComInputError);
	expect(scene.sim.record.count('media/upload_by_url')).toBe(0);
	expect(error.hint).toMatch(/^[A-Z].*\.$/s);
	return error;
}

/** @returns the body of the newest upload_by_url */
export function submitted({ sim }: Scene): Record<string, unknown> {
	return sim.record.last('media/upload_by_url')?.json as Record<string, unknown>;
}

/** From now on the world's clock moves by its pauses alone, and `onPause` hears of each beforehand. */
export function stepTime({ world }: Scene, onPause: (pauses: number) => unknown = () => {}): void {
	let now = 1_800_000_000_000;
	let canceled = false;
	world.pauses.length = 0;
	world.now = () => now;
	world.cancel = () => (canceled = true);
	world.sleep = async (ms) => {
		world.pauses.push(ms);
		await onPause(world.pauses.length);
		now += ms;
		await new Promise((resolve) => setImmediate(resolve));
		return !canceled;
	};
}
