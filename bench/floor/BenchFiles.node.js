/** Makes the items of a measurement: files in n8n's storage, or media_ids of files to download. */
const { createCipheriv } = require('crypto');
const { Readable } = require('stream');

const BLOCK_BYTES = 1024 * 1024;
/** Looks random to whoever looks at contents, and is the same in every process. */
const block = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
	Buffer.alloc(BLOCK_BYTES),
);

function* pieces(size) {
	for (let at = 0; at < size; at += BLOCK_BYTES) {
		yield block.subarray(0, Math.min(BLOCK_BYTES, size - at));
	}
}

class BenchFiles {
	description = {
		displayName: 'Bench Files',
		name: 'benchFiles',
		group: ['input'],
		version: 1,
		description: 'Makes the items of a measurement',
		defaults: { name: 'Bench Files' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ displayName: 'Direction', name: 'direction', type: 'string', default: 'upload' },
			{ displayName: 'Files', name: 'files', type: 'number', default: 1 },
			{ displayName: 'Bytes', name: 'bytes', type: 'number', default: 1 },
		],
	};

	async execute() {
		const files = this.getNodeParameter('files', 0);
		const bytes = this.getNodeParameter('bytes', 0);
		const items = [];
		for (let index = 0; index < files; index += 1) {
			const json = { media_id: `bench-${bytes}-${index}` };
			if (this.getNodeParameter('direction', 0) === 'download') {
				items.push({ json });
				continue;
			}
			const stream = Readable.from(pieces(bytes), { objectMode: false });
			const type = 'application/octet-stream';
			const data = await this.helpers.prepareBinaryData(stream, `${index}.bin`, type);
			items.push({ json, binary: { data } });
		}
		return [items];
	}
}

module.exports = { BenchFiles };
