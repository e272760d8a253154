import { createHash } from 'node:crypto';
import type { BotFileQuirks } from '../../simulator';
import { encryptFile } from '../../simulator';
import { binaryBytes } from '../../helpers/engine';
import type { NodeRun } from '../../helpers/runNode';
import { sample, setupScene } from '../scene';
import type { Job } from '../scene';

const MIB = 1024 * 1024;
const scene = setupScene();
const OTHER_KEY = 'AnotherMadeUpEncodingAesKeyOfSomeOtherBotAA';

/** The link to a file that somebody has sent to the bot. */
function linkTo(bytes: Buffer, fileName: string, quirks?: BotFileQuirks): string {
	const message = scene.simulator.people.composeForBot({
		kind: 'file',
		file: { bytes, fileName },
		quirks,
	});
	return (message.file as { url: string }).url;
}

const get = async (url: string, job: Job = {}) =>
	await scene.run({
		system: 'smartBot',
		operation: 'get',
		...job,
		parameters: { url, ...job.parameters },
	});

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
async function expectFile(run: NodeRun, bytes: Buffer, field = 'data') {
	expect(run.error).toBeUndefined();
	expect(md5(await binaryBytes(run.items[0].binary?.[field]))).toBe(md5(bytes));
}

describe('a file sent to a smart bot', () => {
	test('arrives decrypted, with its name, its type and exactly the fields of the table', async () => {
		const result = await get(linkTo(sample('report.pdf'), '合同📄（终稿）.pdf'));
		expect(result.items).toEqual([
			{
				json: { file_name: '合同📄（终稿）.pdf', mime_type: 'application/pdf', file_size: 590 },
				binary: {
					data: expect.objectContaining({
						fileName: '合同📄（终稿）.pdf',
						mimeType: 'application/pdf',
					}) as object,
				},
				pairedItem: { item: 0 },
			},
		]);
		await expectFile(result, sample('report.pdf'));
	});

	test.each([1, 15, 16, 17, 31, 32, 33, 63, 64, MIB - 1, MIB, MIB + 1])(
		'of %i bytes arrives whole',
		async (size) => {
			const bytes = Buffer.alloc(size, 'made-up notes ');
			await expectFile(await get(linkTo(bytes, 'notes.txt')), bytes);
		},
	);

	test('of 30 MB is asked for at once, without any secret of ours', async () => {
		const bytes = Buffer.alloc(30 * MIB + 5, 'made-up film ');
		sample('video.mp4').copy(bytes);
		await expectFile(await get(linkTo(bytes, '培训.mp4')), bytes);
		const calls = scene.simulator.record.calls('/aibot/file');
		expect(calls).toHaveLength(1);
		expect(calls[0].headers).not.toHaveProperty('authorization');
		expect(calls[0].headers).not.toHaveProperty('range');
	});

	test.each([
		['which takes Range', true],
		['which ignores Range', false],
	])('from a host %s survives a broken connection, or says that it did not', async (_, range) => {
		scene.simulator.state.strict.botLinkRange = range;
		const bytes = Buffer.alloc(3 * MIB, 'made-up report ');
		scene.simulator.faults.next({ path: '/aibot/file', cutAfterBytes: MIB });
		const result = await get(linkTo(bytes, 'notes.txt'));
		if (range) {
			await expectFile(result, bytes);
			const [{ hints }] = result.run.data.resultData.runData['Node under test'];
			expect(hints).toMatchObject([{ message: 'A broken download was continued 1 times.' }]);
		} else {
			expect(result.items).toEqual([]);
			expect(result.error?.message).toContain("The file's link");
		}
	});

	test('"File Name" and "Put Output File in Field" are obeyed', async () => {
		const { items } = await get(linkTo(sample('photo.jpg'), 'a.jpg'), {
			parameters: { binaryPropertyName: 'photo' },
			options: { fileName: '封面.jpg', includeInputFields: true },
			items: [{ json: { from: 'ZhangSan' } }],
		});
		expect(items[0].json).toMatchObject({ from: 'ZhangSan', file_name: '封面.jpg' });
		expect(items[0].binary?.photo).toMatchObject({ fileName: '封面.jpg', mimeType: 'image/jpeg' });
	});

	test.each([
		['only as raw UTF-8', { plainNameOnly: true }, '照片.jpg'],
		['not at all', { noContentDisposition: true }, 'file.jpg'],
		['with a type that is wrong', { contentType: 'text/html' }, '照片.jpg'],
		['without a length', { noContentLength: true }, '照片.jpg'],
	] as Array<[string, BotFileQuirks, string]>)('named %s arrives', async (_how, quirks, name) => {
		const result = await get(linkTo(sample('photo.jpg'), '照片.jpg', quirks));
		expect(result.items[0].json).toEqual({
			file_name: name,
			mime_type: 'image/jpeg',
			file_size: 833,
		});
		await expectFile(result, sample('photo.jpg'));
	});
});

describe('a link that gives no file', () => {
	test.each([
		['403Xml', /answered with HTTP status 403/],
		['403Empty', /answered with HTTP status 403/],
		['200Html', /leads to a web page, not to a file/],
	] as const)(
		'because it has ended (%s) says that links live 5 minutes',
		async (manner, message) => {
			scene.simulator.state.strict.expiredBotLink = manner;
			const url = linkTo(sample('report.pdf'), 'report.pdf');
			scene.simulator.advance(300_000);
			const { items, error } = await get(url);
			expect(items).toEqual([]);
			expect(error?.message).toMatch(message);
			expect(error?.description).toContain('end after 5 minutes');
			const { message: said, description, stack } = error!;
			const shown = JSON.stringify([said, description, stack]);
			expect(shown).not.toContain(new URL(url).searchParams.get('k'));
		},
	);

	test.each([
		['another length than announced', { announcedBytes: 640 }, /The file's link/],
		['a length that is no multiple of 32', { announcedBytes: 48 }, /48 bytes.*multiple of 32/],
		['nothing', { ciphertext: Buffer.alloc(0) }, /empty/],
		['a wrong padding', { ciphertext: Buffer.alloc(64, 7) }, /its end does not fit the key/],
	] as Array<[string, BotFileQuirks, RegExp]>)('but %s is an error', async (_, quirks, message) => {
		const { items, error } = await get(linkTo(sample('report.pdf'), 'report.pdf', quirks), {
			options: { maxRetries: 0 },
		});
		expect(items).toEqual([]);
		expect(error?.message).toMatch(message);
		expect(error?.description).not.toBe('');
	});

	test('but what a file without content becomes is an error', async () => {
		const { error } = await get(linkTo(Buffer.alloc(0), 'empty.txt'));
		expect(error?.message).toContain('The file behind the link is empty');
	});

	test("but another bot's bytes is an error, or a file that is told to be doubtful", async () => {
		const { encodingAesKey } = scene.simulator.demo.bot;
		const wrong = { credential: { encodingAesKey: OTHER_KEY } };
		const refused = await get(linkTo(sample('report.pdf'), 'report.pdf'), wrong);
		expect(refused.error?.message).toContain('its end does not fit the key');
		expect(refused.error?.description).toContain("another bot's");
		// About once in 280 the padding of garbage is right: this is one that another key makes.
		const garbage = Buffer.from('no PDF at all, only what another key makes of one');
		const ciphertext = encryptFile(encodingAesKey, garbage);
		const doubtful = await get(linkTo(garbage, 'report.pdf', { ciphertext }));
		expect(doubtful.items[0].json).toMatchObject({
			file_name: 'report.pdf',
			hint: expect.stringMatching(/does not begin like a \.pdf/) as string,
		});
	});

	test.each([
		["={{ '' }}", "'File Link' is empty"],
		['media_id', "'File Link' is not a link that starts with https://"],
		['ftp://a.example/x', "'File Link' is not a link that starts with https://"],
		['https://user:secret@a.example/x', "'File Link' is not a link that starts with https://"],
		[
			'http://a.example/x',
			"'File Link' starts with http://, but WeCom's links start with https://",
		],
		['http://127.0.0.1.example/x', /starts with http:/],
	])('%j is refused before anything is sent', async (url, message) => {
		const { error } = await get(url);
		expect(error?.message).toMatch(message);
	});

	test('a redirect is not followed', async () => {
		scene.simulator.faults.next({
			path: '/aibot/file',
			status: 302,
			headers: { Location: 'http://127.0.0.1:1/' },
		});
		const { error } = await get(linkTo(sample('report.pdf'), 'report.pdf'));
		expect(error?.message).toContain('HTTP status 302');
	});

	test('a key that cannot be one is refused with where it stands', async () => {
		const { error } = await get(linkTo(sample('report.pdf'), 'report.pdf'), {
			credential: { encodingAesKey: 'short' },
		});
		expect(error?.message).toMatch(/EncodingAESKey has 5 characters instead of 43.*智能机器人/);
	});
});
