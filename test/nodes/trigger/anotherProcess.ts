import type { INodeType } from 'n8n-workflow';

/** A trigger as a restarted n8n, or another process, loads it: with empty memory. */
export async function restarted(): Promise<INodeType> {
	let type: INodeType | undefined;
	await jest.isolateModulesAsync(async () => {
		const fresh = await import('../../../nodes/WeComMedia/WeComMediaTrigger.node');
		type = new fresh.WeComMediaTrigger();
	});
	return type!;
}
