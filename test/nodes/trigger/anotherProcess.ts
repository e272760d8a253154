import * as workflowModule from 'n8n-workflow';
import type { INodeType } from 'n8n-workflow';

/** A trigger as a restarted n8n, or another process, loads it: with empty memory. */
export async function restarted(): Promise<INodeType> {
	let type: INodeType | undefined;
	await jest.isolateModulesAsync(async () => {
		// n8n's own modules are shared, so that they load once and their pauses are hurried.
		jest.doMock('n8n-workflow', () => workflowModule);
		const fresh = await import('../../../nodes/WeComMedia/WeComMediaTrigger.node');
		type = new fresh.WeComMediaTrigger();
	});
	return type!;
}
