import type { CredentialReference, WorkflowDefinition } from '../e2e/rest';
import { readFiles, weComMedia, workflowOf } from '../e2e/workflowOf';

/** Ids of the two nodes. */
export const UPLOAD = '2';
export const DOWNLOAD = '3';

/** A workflow that reads a file from disk, uploads it with a corp app and downloads it again. */
export function thereAndBack(path: string, corp: CredentialReference): WorkflowDefinition {
	const credentials = { weComCorpApi: corp };
	return workflowOf(
		'There and back',
		readFiles(path),
		weComMedia('Upload', credentials, { resource: 'app', operation: 'upload' }),
		weComMedia('Download', credentials, {
			resource: 'app',
			operation: 'get',
			mediaId: '={{ $json.media_id }}',
		}),
	);
}
