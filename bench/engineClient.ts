/** The compiled node in n8n's real engine, files in n8n's file-system storage; or a node that does nothing there. */
import './engineSettings';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { ICredentialType, IExecuteFunctions, INodeType } from 'n8n-workflow';
import { instanceFrom } from '../scripts/lib/compiled';
import { removeUserFolder } from '../test/helpers/environment';
import { noOpDescription } from '../test/helpers/noOp';
import { runNode, type TestItem } from '../test/helpers/runNode';
import { fileStream } from './bytes';
import { Meter } from './meter';
import { Profiler } from './profiler';
import { serve } from './serve';
import { mediaIdOf, type ChildReport, type ChildSpec } from './spec';
import { WARM_UP } from './warmUp';

const NODE = 'dist/nodes/WeComMedia/WeComMedia.node.js';
const CREDENTIAL = 'dist/credentials/WeComCorpApi.credentials.js';

async function main(spec: ChildSpec): Promise<ChildReport> {
	const meter = new Meter(spec.profile ? new Profiler(spec.profile) : undefined);
	try {
		await Container.get(BinaryDataService).init();
		for (const work of [{ ...spec, ...WARM_UP }, spec]) await move(work, meter);
	} finally {
		removeUserFolder();
	}
	return meter.report();
}

async function move(spec: ChildSpec, meter: Meter): Promise<void> {
	const { direction, files, fileBytes, concurrency, role, baseUrl, packageFolder } = spec;
	const isUpload = direction === 'upload';
	const items = Array.from({ length: files }, (_, index): TestItem => {
		if (!isUpload) return { json: { media_id: mediaIdOf(fileBytes, index) } };
		const fileName = `${index}.bin`;
		const mimeType = 'application/octet-stream';
		return { binary: { data: { bytes: fileStream(fileBytes), fileName, mimeType } } };
	});
	const own = isUpload ? { mediaType: 'auto' } : { mediaId: '={{ $json.media_id }}' };
	const credentialType = instanceFrom<ICredentialType>(packageFolder, CREDENTIAL);
	const nodeType = role === 'noop' ? noop : instanceFrom<INodeType>(packageFolder, NODE);
	const { items: output, error } = await runNode({
		items,
		node: {
			type: metered(nodeType, meter),
			parameters: {
				resource: 'app',
				operation: isUpload ? 'upload' : 'get',
				binaryPropertyName: 'data',
				options: { concurrency },
				...own,
			},
			credentials: {
				weComCorpApi: { corpId: 'ww-bench', corpSecret: 'made-up-bench-secret', baseUrl },
			},
		},
		credentialTypes: [credentialType],
	});
	if (error) throw error;
	if (output.length !== files) throw new Error(`${files} items went in, ${output.length} came out`);
	if (role !== 'noop' && output.some(({ json }) => json.file_size !== fileBytes)) {
		throw new Error('a file has another size than expected');
	}
}

/** The same node, its run measured without the nodes around it. */
function metered(type: INodeType, meter: Meter): INodeType {
	return Object.assign(Object.create(type) as INodeType, {
		async execute(this: IExecuteFunctions) {
			meter.start();
			try {
				return await type.execute!.call(this);
			} finally {
				meter.stop();
			}
		},
	});
}

const noop: INodeType = {
	description: noOpDescription('benchNoOp', 'weComCorpApi'),
	async execute() {
		return [this.getInputData()];
	},
};

serve(main);
