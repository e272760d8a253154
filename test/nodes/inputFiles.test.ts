/** What "Input Binary Field" may hold: names, and files as expressions give them. */
import { noise } from '../wecom/files';
import { sample, sampleFile, setupScene } from './scene';

const scene = setupScene();
const binary = {
	data: sampleFile('report.pdf', '合同.pdf'),
	more: sampleFile('photo.jpg', '照片.jpg'),
};
const upload = async (binaryPropertyName: string, more: object = {}) =>
	await scene.run({
		parameters: { binaryPropertyName },
		items: [{ json: { n: 1 }, binary }],
		...more,
	});

/** The names and bytes that WeCom holds, in the order of the items. */
const held = (mediaIds: unknown[]) =>
	mediaIds.map((id) => {
		const { fileName, bytes } = scene.simulator.state.media.get(String(id))!;
		return [fileName, bytes.length];
	});

test.each([
	['the file itself', '={{ $binary.data }}', ['合同.pdf']],
	['the file of another node', "={{ $('Source').item.binary.data }}", ['合同.pdf']],
	['a list of files', '={{ [$binary.more, $binary.data] }}', ['照片.jpg', '合同.pdf']],
	['all files of the item', '={{ $binary }}', ['合同.pdf', '照片.jpg']],
	['a list of names', "={{ ['data', 'more'] }}", ['合同.pdf', '照片.jpg']],
	['a name and a file', "={{ ['more', $binary.data] }}", ['照片.jpg', '合同.pdf']],
	['names with a Chinese comma between', 'data，more', ['合同.pdf', '照片.jpg']],
])('an expression may give %s', async (_what, binaryPropertyName, expected) => {
	const { items, error } = await upload(binaryPropertyName);
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.file_name)).toEqual(expected);
	const sizes = { '合同.pdf': 590, '照片.jpg': 833 } as Record<string, number>;
	expect(held(items.map(({ json }) => json.media_id))).toEqual(
		expected.map((name) => [name, sizes[name]]),
	);
});

test('with "binaryMode: combined" an expression gives the file from the JSON', async () => {
	const settings = { binaryMode: 'combined' as const };
	const { items, error } = await upload('={{ [$json._files.data, $json._files.more] }}', {
		settings,
	});
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.file_name)).toEqual(['合同.pdf', '照片.jpg']);
});

test('Send and Upload Permanent Image take files as well', async () => {
	const credential = { agentId: scene.simulator.demo.corp.agentId };
	const sent = await scene.run({
		operation: 'send',
		parameters: { toUser: 'ZhangSan', binaryPropertyName: '={{ $binary.data }}' },
		items: [{ binary }],
		credential,
	});
	expect(sent.items[0].json).toMatchObject({ msgtype: 'file', file_name: '合同.pdf' });
	const image = await upload('={{ $binary.more }}', { operation: 'uploadImg' });
	expect(image.items[0].json).toMatchObject({ file_name: '照片.jpg', file_size: 833 });
});

test('a failing one of several files is named', async () => {
	const tiny = { ...binary, more: { bytes: Buffer.from('tiny'), fileName: '小.txt' } };
	const { items } = await upload('={{ [$binary.data, $binary.more] }}', {
		items: [{ binary: tiny }],
		onError: 'continueRegularOutput',
	});
	expect(items.map(({ json }) => json.file_name ?? json.field)).toEqual(['合同.pdf', '小.txt']);
});

test.each([
	[
		'an object that is no file',
		'={{ $json }}',
		"'Input Binary Field' is an object that is no file",
	],
	['nothing', '={{ $binary.nowhere }}', "'Input Binary Field' is empty"],
	[
		'a file as text',
		'file: {{ $binary.data }}',
		"The item has no file in the field 'file: {{ $binary.data }}' ('Input Binary Field')",
	],
])('an expression that gives %s is refused', async (_what, binaryPropertyName, message) => {
	const { error } = await upload(binaryPropertyName);
	expect(error?.message).toBe(`${message} [item 0]`);
});

test('a file instead of a name for the output is refused', async () => {
	const mediaId = scene.simulator.state.addMedia({ bytes: sample('report.pdf') });
	const parameters = { mediaId, binaryPropertyName: '={{ $binary.data }}' };
	const { error } = await scene.run({ operation: 'get', parameters, items: [{ binary }] });
	expect(error?.message).toBe("'Put Output File in Field' is no name [item 0]");
});

describe('Base64 in the item', () => {
	const lines = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
	test.each([
		['with line breaks', 5000, lines],
		['with line breaks, above 1 MB', 3 * 1024 * 1024 + 1, lines],
		['with a line break at its end', 5000, (bytes: Buffer) => `${bytes.toString('base64')}\n`],
		['of the URL-safe kind', 5000, (bytes: Buffer) => bytes.toString('base64url')],
		['without padding', 5000, (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')],
	])('%s has its exact size and every byte', async (_what, size, encode) => {
		const bytes = noise(size);
		const { items, error } = await scene.run({
			parameters: { mediaType: 'file' },
			items: [{ binary: { data: { bytes, fileName: 'a.dat', pinned: true, encode } } }],
		});
		expect(error).toBeUndefined();
		expect(items[0].json.file_size).toBe(size);
		const stored = scene.simulator.state.media.get(String(items[0].json.media_id));
		expect(stored?.bytes.equals(bytes)).toBe(true);
		const call = scene.simulator.record.last('media/upload');
		expect(call?.parts).toMatchObject([{ fileLength: size }]);
	});
});
