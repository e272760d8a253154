import * as workflow from 'n8n-workflow';

type Sleep = typeof workflow.sleep;

/**
 * Puts something else in the place of n8n's `sleep`, by which the nodes of this test file pause. Not a spy: jest takes
 * those back after the last test, while the watch over a download still ticks.
 *
 * @param make gives the new one, and may use the one before
 * @returns what brings the one before back
 */
export function replaceSleep(make: (before: Sleep) => Sleep): () => void {
	const before = workflow.sleep;
	const put = (sleep: Sleep) => void Object.assign(workflow, { sleep });
	put(make(before));
	return () => put(before);
}
