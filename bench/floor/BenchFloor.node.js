/**
 * The least that a node can cost in n8n: its helpers and nothing else. No checks, no retries, no Range, no names. With it
 * stand a node that makes files and one that measures what runs between its two appearances.
 */
const { randomBytes } = require('crypto');
const { Readable } = require('stream');

const PIECE_BYTES = 1024 * 1024;

class BenchFloor {
	description = {
		displayName: 'Bench Floor',
		name: 'benchFloor',
		group: ['transform'],
		version: 1,
		description: 'The least a transfer can cost',
		defaults: { name: 'Bench Floor' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'benchFloorApi', required: true }],
		properties: [
			{ displayName: 'Direction', name: 'direction', type: 'string', default: 'upload' },
			{ displayName: 'Form', name: 'form', type: 'string', default: 'stream' },
			{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: '' },
			{ displayName: 'Media ID', name: 'mediaId', type: 'string', default: '' },
			{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 3 },
		],
	};

	async execute() {
		const items = this.getInputData();
		const direction = this.getNodeParameter('direction', 0);
		const form = this.getNodeParameter('form', 0);
		const baseUrl = this.getNodeParameter('baseUrl', 0);
		const move = direction === 'upload' ? upload : download;
		const results = [];
		let next = 0;
		const worker = async () => {
			while (next < items.length) {
				const index = next++;
				results[index] = await move.call(this, index, baseUrl, form);
			}
		};
		const workers = this.getNodeParameter('concurrency', 0);
		await Promise.all(Array.from({ length: workers }, worker));
		return [results];
	}
}

async function upload(index, baseUrl, form) {
	const binary = this.helpers.assertBinaryData(index, 'data');
	const boundary = randomBytes(24).toString('hex');
	const head = Buffer.from(
		`--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="${binary.fileName}"\r\n` +
			'Content-Type: application/octet-stream\r\n\r\n',
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	const { bytes } = binary;
	const body =
		form === 'buffer'
			? Buffer.concat([head, await this.helpers.getBinaryDataBuffer(index, 'data'), tail])
			: Readable.from(
					framed(
						head,
						await this.helpers.getBinaryStream(binary.id, Math.min(bytes, PIECE_BYTES)),
						tail,
					),
					{ objectMode: false },
				);
	const answer = await this.helpers.httpRequestWithAuthentication.call(this, 'benchFloorApi', {
		method: 'POST',
		url: `${baseUrl}/cgi-bin/media/upload`,
		qs: { type: 'file' },
		headers: {
			'content-type': `multipart/form-data; boundary=${boundary}`,
			'content-length': head.length + bytes + tail.length,
		},
		body,
		disableFollowRedirect: true,
	});
	return { json: answer, pairedItem: { item: index } };
}

async function* framed(head, file, tail) {
	yield head;
	yield* file;
	yield tail;
}

async function download(index, baseUrl, form) {
	const { body } = await this.helpers.httpRequestWithAuthentication.call(this, 'benchFloorApi', {
		url: `${baseUrl}/cgi-bin/media/get`,
		qs: { media_id: this.getNodeParameter('mediaId', index) },
		encoding: form === 'buffer' ? 'arraybuffer' : 'stream',
		returnFullResponse: true,
		disableFollowRedirect: true,
	});
	const data = await this.helpers.prepareBinaryData(body, 'bench.bin', 'application/octet-stream');
	return { json: {}, binary: { data }, pairedItem: { item: index } };
}

module.exports = { BenchFloor };
