import { sample, sampleFile, setupScene, voiceOf, type Job, type Sample } from './scene';
import type { TestFile } from '../helpers/runNode';

const MIB = 1024 * 1024;
const scene = setupScene();

const file = (data: TestFile): Pick<Job, 'items'> => ({ items: [{ binary: { data } }] });
const bytes = (size: number, fileName: string, start?: Sample): Pick<Job, 'items'> => {
	const content = Buffer.alloc(size, 'x');
	if (start) sample(start).copy(content);
	return file({ bytes: content, fileName });
};
const as = (mediaType: string) => ({ parameters: { mediaType } });
const images = { operation: 'uploadImg' };

/** What is wrong, the job, the sentence and the advice. */
const cases: Array<[string, Job, string, RegExp]> = [
	['an empty file', bytes(0, '空.txt'), "'空.txt' is empty", /^Check the node that makes the file/],
	[
		'a file of 5 bytes',
		bytes(5, 'tiny.txt'),
		"'tiny.txt' has 5 bytes; WeCom app takes files of at least 6 bytes",
		/^Convert the file/,
	],
	[
		'a file of 20 MB and a byte',
		bytes(20 * MIB + 1, '合同.zip'),
		"'合同.zip' has 20.000001 MB; WeCom app takes files up to 20 MB",
		/'Upload Large File'/,
	],
	[
		'the same for a robot',
		{ system: 'robot', ...bytes(20 * MIB + 1, '合同.zip') },
		"'合同.zip' has 20.000001 MB; group robot takes files up to 20 MB",
		/send a link/,
	],
	[
		'an image of 10 MB and a byte',
		{ ...bytes(10 * MIB + 1, 'huge.jpg', 'photo.jpg'), ...as('image') },
		"'huge.jpg' has 10.000001 MB; WeCom app takes images up to 10 MB",
		/'Send as File if Unfit'/,
	],
	[
		'a voice of 2 MB and a byte',
		{ ...bytes(2 * MIB + 1, 'talk.amr', 'voice.amr'), ...as('voice') },
		"'talk.amr' has 2.000001 MB; WeCom app takes voices up to 2 MB",
		/'Send as File if Unfit'/,
	],
	[
		'a PDF as image',
		{ ...file(sampleFile('report.pdf')), ...as('image') },
		"'report.pdf' is not JPG or PNG but PDF document; WeCom app takes JPG or PNG as image",
		/choose another 'Media Type'/,
	],
	[
		'a GIF called .jpg as image',
		{ ...file(sampleFile('picture.gif', 'picture.jpg')), ...as('image') },
		"'picture.jpg' is not JPG or PNG but GIF image; WeCom app takes JPG or PNG as image",
		/choose another 'Media Type'/,
	],
	[
		'a voice of 61 s',
		{ ...file({ bytes: voiceOf(61), fileName: '会议.amr' }), ...as('voice') },
		"'会议.amr' lasts 61 s; WeCom app takes voices up to 60 s",
		/'Send as File if Unfit'/,
	],
	[
		'SILK called .amr',
		{ ...file(sampleFile('voice.silk', 'voice.amr')), ...as('voice') },
		"'voice.amr' is not AMR (narrow-band) but SILK audio; WeCom app takes AMR (narrow-band) as voice",
		/^It is SILK audio, whatever its name says\. Convert it to AMR/,
	],
	[
		'an AMR voice that breaks off',
		{
			...file({ bytes: sample('voice.amr').subarray(0, 400), fileName: 'half.amr' }),
			...as('voice'),
		},
		"'half.amr' starts like an AMR voice but its frames are broken",
		/^Convert the file/,
	],
	[
		'a type that the robot does not have',
		{ system: 'robot', ...file(sampleFile('photo.jpg')), ...as('={{ "image" }}') },
		"'Media Type' is 'image', which the group robot does not take",
		/^Choose one of: voice, file\.$/,
	],
	[
		'a kind that the Official Account does not take',
		{ system: 'officialAccount', ...file(sampleFile('report.pdf')) },
		"'report.pdf' is of a kind (PDF document) that the Official Account does not take",
		/^It takes image \(JPG, PNG or GIF\), voice \(AMR or MP3\)/,
	],
	[
		'a thumb of 64 KB and a byte',
		{ system: 'officialAccount', ...bytes(65_537, 'thumb.jpg', 'photo.jpg'), ...as('thumb') },
		"'thumb.jpg' has 64.001 KB; Official Account takes thumbs up to 64 KB",
		/^Convert the file/,
	],
	[
		'a permanent image of 2 MB and a byte',
		{ ...images, ...bytes(2 * MIB + 1, 'banner.png', 'picture.png') },
		"'banner.png' has 2.000001 MB; WeCom app takes permanent images up to 2 MB",
		/^Save it as JPG or PNG of at most 2 MB/,
	],
	[
		'a PDF as permanent image',
		{ ...images, ...file(sampleFile('report.pdf')) },
		"'report.pdf' is not JPG or PNG but PDF document; WeCom app takes JPG or PNG as permanent image",
		/^Save it as JPG or PNG/,
	],
	[
		'an empty permanent image',
		{ ...images, ...bytes(0, 'banner.png') },
		"'banner.png' is empty",
		/^Check the node/,
	],
];

test.each(cases)('%s is refused before anything is sent', async (_what, job, sentence, advice) => {
	const { error, items } = await scene.run(job);
	expect(items).toEqual([]);
	expect(error?.message).toBe(`${sentence} [item 0]`);
	expect(error?.description).toMatch(advice);
	expect(error?.context).toMatchObject({ itemIndex: 0 });
	expect(scene.simulator.record.counters()).toEqual({});
});

describe('limits are met exactly', () => {
	test.each<[string, Job]>([
		['a file of 6 bytes', bytes(6, 'small.txt')],
		['a file of 20 MB', bytes(20 * MIB, 'large.bin')],
		['an image of 10 MB', { ...bytes(10 * MIB, 'large.jpg', 'photo.jpg'), ...as('image') }],
		['a voice of 60 s', { ...file({ bytes: voiceOf(60), fileName: 'talk.amr' }), ...as('voice') }],
		['a permanent image of 2 MB', { ...images, ...bytes(2 * MIB, 'banner.png', 'picture.png') }],
	])('%s is taken', async (_what, job) => {
		const { error, items } = await scene.run(job);
		expect(error).toBeUndefined();
		expect(items).toHaveLength(1);
	});
});
