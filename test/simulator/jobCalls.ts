/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { createHash } from 'node:crypto';
import type { LinkHost } from './linkHost';
import type { Simulator } from './simulator';
import { post, SAMPLES } from './testClient';

export const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

/** The calls of a large upload, of a video behind a link unless the test changes that; each gives WeCom's answer. */
export function jobCalls(world: () => { simulator: Simulator; links: LinkHost; token: string }) {
	async function ask(path: string, body: object) {
		const { simulator, token } = world();
		return (await post(`${simulator.url}/cgi-bin/${path}?access_token=${token}`, body)).json();
	}
	const submit = async (change: Record<string, unknown> = {}) =>
		await ask('media/upload_by_url', {
			scene: 1,
			type: 'video',
			filename: '培训.mp4',
			url: world().links.link('film.mp4'),
			md5: md5(SAMPLES.mp4),
			...change,
		});
	const result = async (jobid: unknown) => await ask('media/get_upload_by_url_result', { jobid });
	/** Submits, and asks for the result when there is one. */
	async function finished(change?: Record<string, unknown>) {
		const { jobid } = await submit(change);
		await world().simulator.jobs.settled();
		return await result(jobid);
	}
	return { submit, result, finished };
}
