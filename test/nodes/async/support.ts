/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** Files behind links, and the node's run that submits them. */
import type { INodeParameters } from 'n8n-workflow';
import { startLinkHost, type LinkHost } from '../../simulator';
import type { TestItem } from '../../helpers/runNode';
import type { Job, Scene } from '../scene';

/** @returns a host of links that is new for every test */
export function useLinks(): LinkHost {
	const host = {} as LinkHost;
	beforeEach(async () => {
		Object.assign(host, await startLinkHost());
	});
	afterEach(async () => await host.close());
	return host;
}

/** A run of Upload Large File; `url` of each item is the link. */
export const uploading = (
	items: TestItem[],
	parameters: INodeParameters = {},
	more: Partial<Job> = {},
): Job => ({
	operation: 'asyncUpload',
	items,
	parameters: { source: 'url', url: '={{ $json.url }}', ...parameters },
	...more,
});

/** A run of Get Large Upload Result; `jobid` of each item is the job. */
export const asking = (
	items: TestItem[],
	parameters: INodeParameters = {},
	more: Partial<Job> = {},
): Job => ({
	operation: 'asyncResult',
	items,
	parameters: { jobId: '={{ $json.jobid }}', ...parameters },
	...more,
});

/** Submits a link without waiting. @returns the jobid */
export async function submitted(scene: Scene, url: string): Promise<string> {
	const { items, error } = await scene.run(uploading([{ json: { url } }]));
	if (error) throw error;
	return String(items[0].json.jobid);
}

/** Long enough for a node that goes on asking to be caught at it, at the speed pauses have here. */
export async function quiet(): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, 150));
}

/** The remarks a run shows in the output panel. */
export function remarksOf({ run }: Awaited<ReturnType<Scene['run']>>): string[] {
	const tasks = run.data.resultData.runData['Node under test'];
	return (tasks.at(-1)?.hints ?? []).map(({ message }) => message);
}
