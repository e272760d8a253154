/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { Readable } from 'node:stream';
import { binaryBytes } from '../helpers/engine';
import { sample, sampleFile, setupScene } from './scene';

const scene = setupScene();

test('an upload sends every byte of a file that a node streamed to disk', async () => {
	const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(100_000 + n, `piece ${n} `));
	const bytes = Readable.from(pieces, { objectMode: false });
	const { items } = await scene.run({
		items: [{ binary: { data: { bytes, fileName: '备份.bin' } } }],
	});
	const whole = Buffer.concat(pieces);
	expect(items[0].json).toMatchObject({ file_name: '备份.bin', file_size: whole.length });
	const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
	expect(stored?.bytes.equals(whole)).toBe(true);
});

describe('a file has the size that is stored, whatever the item says:', () => {
	const sizes = { small: 1_000, large: 3_000_000 };

	test.each([
		['small', 0],
		['small', 999],
		['small', 50_000_000],
		['large', 5],
		['large', 2_999_999],
		['large', 30_000_000],
	] as const)('a %s one of which it says %d bytes', async (which, saidBytes) => {
		const bytes = Buffer.alloc(sizes[which], 'made-up report ');
		const binary = { data: { bytes, fileName: '报告.bin', saidBytes } };
		const byName = await scene.run({ items: [{ binary }] });
		const byExpression = await scene.run({
			items: [{ binary }],
			parameters: { binaryPropertyName: '={{ $binary.data }}' },
		});
		for (const { items, error } of [byName, byExpression]) {
			expect(error).toBeUndefined();
			expect(items[0].json).toMatchObject({ file_name: '报告.bin', file_size: bytes.length });
			const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
			expect(stored?.bytes.equals(bytes)).toBe(true);
		}
	});
});

test('pinned data, which is Base64 without an id, is uploaded too', async () => {
	const { items } = await scene.run({
		items: [{ binary: { data: { ...sampleFile('photo.jpg', '钉住.jpg'), pinned: true } } }],
	});
	expect(items[0].json).toMatchObject({ file_name: '钉住.jpg', file_size: 833, type: 'image' });
	const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
	expect(stored?.bytes.equals(sample('photo.jpg'))).toBe(true);
});

test('a download lies on disk, not in the item', async () => {
	const mediaId = scene.simulator.state.addMedia({ bytes: sample('report.pdf') });
	const { items } = await scene.run({ operation: 'get', parameters: { mediaId } });
	expect(items[0].binary?.data.id).toMatch(/^filesystem-v2:/);
	expect(items[0].binary?.data.data).toBe('filesystem-v2');
	expect((await binaryBytes(items[0].binary?.data)).equals(sample('report.pdf'))).toBe(true);
});

describe('with the workflow setting "binaryMode: combined", where files live in the JSON', () => {
	const settings = { binaryMode: 'combined' as const };

	test('an upload takes the path of the file', async () => {
		const { items, error } = await scene.run({
			settings,
			parameters: { binaryPropertyName: '_files.data' },
			items: [{ binary: { data: sampleFile('report.pdf', '合同.pdf') } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json).toMatchObject({ file_name: '合同.pdf', file_size: 590 });
	});

	test('a download puts its file there', async () => {
		const mediaId = scene.simulator.state.addMedia({
			bytes: sample('report.pdf'),
			fileName: 'a.pdf',
		});
		const { items } = await scene.run({ settings, operation: 'get', parameters: { mediaId } });
		expect(items[0].json).toMatchObject({
			media_id: mediaId,
			_files: { data: { fileName: 'a.pdf', mimeType: 'application/pdf' } },
		});
	});

	test('a wrong path is answered with the paths there are', async () => {
		const { error } = await scene.run({
			settings,
			items: [{ binary: { data: sampleFile('report.pdf') } }],
		});
		expect(error?.message).toBe(
			"The item has no file in the field 'data' ('Input Binary Field') [item 0]",
		);
		expect(error?.description).toBe("The item's binary fields are: _files.data.");
	});
});
