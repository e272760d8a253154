import { createHash } from 'node:crypto';
import { outputOf, type Execution, type N8nRest } from '../../test/e2e/rest';
import type { Simulator } from '../../test/simulator';
import { cut, table } from './table';

/** The workflow that `npm start` runs first. */
export const EXAMPLE_ID = 'wecomForwardFile';

/** A file on its way through n8n to WeCom and, where WeCom gives it out again, back. */
export interface RoundTrip {
	way: string;
	fileName: string;
	/** In bytes. */
	size: number;
	mediaId: string;
	/** SHA-256 of what the workflow gave, and of what arrived at the other end. */
	sent: string;
	received: string;
}

/** Runs examples/forward-a-file.json in the running n8n; throws if the workflow fails. */
export async function runExample(rest: N8nRest, simulator: Simulator): Promise<RoundTrip[]> {
	const execution = await rest.run(await rest.workflow(EXAMPLE_ID));
	succeeded(execution);
	const compared = firstItem(execution, 'Compare');
	const robot = firstItem(execution, 'Upload for the Group Robot');
	// A robot's files cannot be fetched by API: look at what the simulated WeCom holds.
	const held = simulator.state.media.get(String(robot.media_id));
	return [
		{
			way: 'group robot',
			fileName: held?.fileName ?? '',
			size: Number(robot.file_size),
			mediaId: String(robot.media_id),
			sent: String(compared.sha256_sent),
			received: held ? sha256(held.bytes) : '',
		},
		{
			way: 'corp app and back',
			fileName: String(compared.file_name),
			size: Number(compared.file_size),
			mediaId: String(compared.media_id),
			sent: String(compared.sha256_sent),
			received: String(compared.sha256_received),
		},
	];
}

export function isIdentical(trip: RoundTrip): boolean {
	return trip.sent.length === 64 && trip.sent === trip.received;
}

/** The table of a demo run; fits a terminal of 80 columns. */
export function describeRoundTrips(trips: RoundTrip[]): string {
	return table(
		['file', 'size', 'to', 'media_id', 'SHA-256', ''],
		trips.map((trip) => [
			trip.fileName,
			formatSize(trip.size),
			trip.way,
			cut(trip.mediaId, 12),
			isIdentical(trip)
				? trip.received.slice(0, 8)
				: `${trip.sent.slice(0, 8)} sent, ${trip.received.slice(0, 8) || 'nothing'} received`,
			isIdentical(trip) ? '✓' : '✗',
		]),
		80,
	);
}

function formatSize(bytes: number): string {
	return bytes < 1024 * 1024 ? `${bytes} B` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}

/** The JSON of the first item a node put out; throws if there is none. */
export function firstItem(execution: Execution, node: string): Record<string, unknown> {
	const [item] = outputOf(execution, node);
	if (!item) throw new Error(`The node '${node}' of the example put out nothing.`);
	return item.json;
}

/** Throws with n8n's reason unless the execution succeeded. */
export function succeeded({ status, error }: Execution): void {
	if (status === 'success') return;
	const description = error?.description ? ` ${error.description}` : '';
	throw new Error(
		`The example workflow ended with status '${status}': ${error?.message ?? ''}${description}`,
	);
}
