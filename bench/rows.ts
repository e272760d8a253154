import type { INodeParameters } from 'n8n-workflow';
import { weComMedia, type Step } from '../test/e2e/workflowOf';
import { benchStep, type BenchServer } from './n8nServer';
import { MB, type TransferSpec } from './spec';

/** Who moves the files: our node, the floor node in one of its forms, n8n's HTTP Request node, no n8n at all. */
export type Client = 'ours' | 'floor' | 'floor, as one buffer' | 'HTTP Request' | 'bare';

/** Most of ours in relation to another's: processor time; least: throughput. */
export interface Target {
	cpu?: number;
	speed?: number;
}

/** One line of the table: a kind of transfer. */
export interface Row extends TransferSpec {
	name: string;
	latencyMs: number;
	clients: Client[];
	floor?: Target;
	http?: Target;
	/** What the floor moves instead, to be compared by the byte. */
	floorMoves?: Pick<TransferSpec, 'files' | 'fileBytes'>;
}

const ALL: Client[] = ['ours', 'floor', 'HTTP Request', 'bare'];
/** For small files the floor has a second form. */
const ALL_SMALL: Client[] = ['ours', 'floor', 'floor, as one buffer', 'HTTP Request', 'bare'];
const SMALL = { files: 300, fileBytes: 200_000, concurrency: 8, latencyMs: 50 };

export const rows: Row[] = [
	{
		...{ ...SMALL, name: 'up-200k', direction: 'upload' },
		clients: ALL_SMALL,
		floor: { cpu: 1.2, speed: 0.95 },
	},
	{
		...{ name: 'up-18m', direction: 'upload', files: 20, fileBytes: 18 * MB, concurrency: 3 },
		...{ latencyMs: 0, clients: ALL, floor: { cpu: 1.1, speed: 0.9 }, http: { cpu: 0.6 } },
	},
	{
		...{ ...SMALL, name: 'down-200k', direction: 'download', clients: ALL_SMALL },
		floor: { cpu: 1.1, speed: 0.95 },
	},
	{
		...{ name: 'down-18m', direction: 'download', files: 10, fileBytes: 18 * MB, concurrency: 3 },
		...{ latencyMs: 0, clients: ALL, floor: { cpu: 1.05 }, http: { cpu: 0.6 } },
	},
	{
		...{ name: 'down-180m', direction: 'download', files: 1, fileBytes: 180 * 1024 * 1024 },
		...{ concurrency: 3, latencyMs: 0, clients: ['ours', 'floor', 'bare'] },
		...{ floorMoves: { files: 10, fileBytes: 18 * MB }, floor: { cpu: 1.2 } },
	},
];

/** Each client's node; the bare client has none. */
export function stepOf(
	client: Exclude<Client, 'bare'>,
	{ direction, concurrency }: TransferSpec,
	baseUrl: string,
	{ credentials }: BenchServer,
): Step {
	if (client === 'HTTP Request') return httpRequest(direction, concurrency, baseUrl);
	if (client === 'ours') {
		const { weComCorpApi } = credentials;
		const what: INodeParameters =
			direction === 'upload' ? { mediaType: 'file' } : { mediaId: '={{ $json.media_id }}' };
		return weComMedia(
			'Measured',
			{ weComCorpApi },
			{
				...{ resource: 'app', operation: direction === 'upload' ? 'upload' : 'get' },
				...what,
				options: { concurrency },
			},
		);
	}
	const { benchFloorApi } = credentials;
	const form = client === 'floor' ? 'stream' : 'buffer';
	// No node gets the ID of its item without an expression.
	const mediaId = '={{ $json.media_id }}';
	const parameters = { direction, form, baseUrl, concurrency, mediaId };
	return benchStep('Measured', 'benchFloor', parameters, { benchFloorApi });
}

function httpRequest(direction: string, concurrency: number, baseUrl: string): Step {
	const query = 'access_token=made-up-bench-token';
	const options = { batching: { batch: { batchSize: concurrency, batchInterval: 1 } } };
	const media = { parameterType: 'formBinaryData', name: 'media', inputDataFieldName: 'data' };
	const parameters: INodeParameters =
		direction === 'upload'
			? {
					method: 'POST',
					url: `${baseUrl}/cgi-bin/media/upload?type=file&${query}`,
					sendBody: true,
					contentType: 'multipart-form-data',
					bodyParameters: { parameters: [media] },
					options,
				}
			: {
					url: `=${baseUrl}/cgi-bin/media/get?${query}&media_id={{ $json.media_id }}`,
					options: { ...options, response: { response: { responseFormat: 'file' } } },
				};
	return { name: 'Measured', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters };
}
