/** Files that are not what was asked for: other parts, other lengths, other versions, no files at all. */
import { isFile, isLaterPart, isPart, type Fault } from './fault';
import { bytesOf, valueOf, withHeaders, type Answer, type Step } from './wire';

type Headers = Record<string, string | undefined>;

const sent = (answer: Answer): Step[] => [{ send: bytesOf(answer) }, 'end'];
const with_ = (changes: Headers) => (real: Answer) =>
	sent({ ...real, headers: withHeaders(real, changes) });

interface Range {
	start: number;
	end: number;
	total: string;
}

function rangeOf(real: Answer): Range {
	const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(valueOf(real.headers, 'content-range') ?? '');
	if (!match) throw new Error('the answer is no part');
	return { start: Number(match[1]), end: Number(match[2]), total: match[3] };
}

/** The same bytes under another Content-Range. */
const told = (change: (range: Range) => string) => (real: Answer) =>
	with_({ 'Content-Range': change(rangeOf(real)) })(real);

/** Fewer bytes than asked for, and a Content-Range that says so. */
function shortened(real: Answer, bytes: number, total?: string): Step[] {
	const range = rangeOf(real);
	const body = real.body.subarray(0, bytes);
	const end = range.start + body.length - 1;
	return sent({
		...real,
		headers: withHeaders(real, {
			'Content-Range': `bytes ${range.start}-${end}/${total ?? range.total}`,
		}),
		body,
	});
}

const half = (real: Answer) => Math.floor(real.body.length / 2);
const aligned = (real: Answer) => half(real) - (half(real) % 16) || real.body.length;

const ranges: Fault[] = (
	[
		[
			'a part from one byte later',
			told(({ start, end, total }) => `bytes ${start + 1}-${end + 1}/${total}`),
			'fatal',
		],
		[
			'a part from sixteen bytes later',
			told(({ start, end, total }) => `bytes ${start + 16}-${end + 16}/${total}`),
			'fatal',
		],
		['the first part again', told(({ end, start, total }) => `bytes 0-${end - start}/${total}`)],
		[
			'an end beyond the total',
			told(({ start, end, total }) => `bytes ${start}-${end + 100}/${total}`),
		],
		['an end before the start', told(({ start, total }) => `bytes ${start}-${start - 1}/${total}`)],
		[
			'a total smaller than the part',
			told(({ start, end }) => `bytes ${start}-${end}/${end}`),
			'fatal',
		],
		['a total of 0', told(({ start, end }) => `bytes ${start}-${end}/0`), 'fatal'],
		[
			'a total one byte larger',
			told(({ start, end, total }) => `bytes ${start}-${end}/${Number(total) + 1}`),
			'fatal',
		],
		[
			'a total one byte smaller',
			told(({ start, end, total }) => `bytes ${start}-${end}/${Number(total) - 1}`),
			'fatal',
		],
		[
			'a total without bounds',
			told(({ start, end }) => `bytes ${start}-${end}/99999999999999999999`),
			'fatal',
		],
		['a total that is no number', told(({ start, end }) => `bytes ${start}-${end}/all`), 'fatal'],
		[
			'a range in another unit',
			told(({ start, end, total }) => `items ${start}-${end}/${total}`),
			'fatal',
		],
		['a range that was not satisfied', told(({ total }) => `bytes */${total}`), 'fatal'],
		['a part that does not say which', with_({ 'Content-Range': undefined }), 'fatal'],
		['a Content-Range that is nonsense', with_({ 'Content-Range': 'bytes' }), 'fatal'],
		[
			'several parts in one',
			with_({ 'Content-Type': 'multipart/byteranges; boundary=b', 'Content-Range': undefined }),
			'fatal',
		],
		['a negative start', told(({ end, total }) => `bytes -16-${end}/${total}`), 'fatal'],
		['a part that ends early, and says so', (real) => shortened(real, aligned(real)), 'harmless'],
		[
			'a part that ends early and off the grid of 16',
			(real) => shortened(real, half(real) | 1),
			'harmless',
			true,
		],
		['a part of 16 bytes', (real) => shortened(real, 16), 'harmless'],
		['a part of one byte', (real) => shortened(real, 1)],
		['a part that ends early, total unknown', (real) => shortened(real, aligned(real), '*')],
		['a part of nothing', (real) => sent({ ...real, body: Buffer.alloc(0) })],
		['total unknown', told(({ start, end }) => `bytes ${start}-${end}/*`)],
		[
			'fewer bytes than the part names',
			(real) => sent({ ...real, body: real.body.subarray(0, half(real)) }),
			'passing',
		],
		[
			'more bytes than the part names',
			(real) => sent({ ...real, body: Buffer.concat([real.body, real.body]) }),
			'fatal',
		],
		[
			'one byte more than the part names',
			(real) => sent({ ...real, body: Buffer.concat([real.body, Buffer.from('x')]) }),
			'fatal',
		],
		[
			'416 although there is more',
			(real) =>
				sent({
					status: 416,
					headers: [['Content-Range', `bytes */${rangeOf(real).total}`]],
					body: Buffer.alloc(0),
				}),
			'fatal',
		],
		[
			'416 with the wrong size',
			() =>
				sent({ status: 416, headers: [['Content-Range', 'bytes */16']], body: Buffer.alloc(0) }),
			'fatal',
		],
		[
			'416 without a size',
			() => sent({ status: 416, headers: [], body: Buffer.alloc(0) }),
			'fatal',
		],
		['200 with a Content-Range', (real) => sent({ ...real, status: 200 })],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>, Fault['means']?, boolean?]>
).map(([name, answer, means, onlyOnce]) => ({
	group: 'wrong parts',
	name,
	strikes: isPart,
	answer,
	means,
	onlyOnce,
}));

const disguised: Fault[] = [
	{
		group: 'wrong parts',
		name: '200 with the part and nothing said',
		// In place of the first part, or every time, nothing tells it from a whole file.
		strikes: isLaterPart,
		answer: (real) =>
			sent({ ...real, status: 200, headers: withHeaders(real, { 'Content-Range': undefined }) }),
		onlyOnce: true,
	},
];

const versions: Fault[] = (
	[
		['another ETag', with_({ ETag: '"v2"' })],
		['no ETag any more', with_({ ETag: undefined })],
		['a weak ETag', with_({ ETag: 'W/"v1"' })],
		['another Last-Modified', with_({ 'Last-Modified': 'Wed, 21 Oct 2099 07:28:00 GMT' })],
		['another name', with_({ 'Content-Disposition': 'attachment; filename="other.bin"' })],
		['no name any more', with_({ 'Content-Disposition': undefined })],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'other versions', name, strikes: isLaterPart, answer }));

const DISPOSITIONS = [
	'attachment; filename="../../etc/passwd"',
	'attachment; filename="C:\\\\Windows\\\\win.ini"',
	"attachment; filename*=UTF-8''%00%0a%2e%2e%2f",
	"attachment; filename*=UTF-8''%zz",
	"attachment; filename*=klingon''a",
	`attachment; filename="${'x'.repeat(4000)}.pdf"`,
	'attachment; filename=""',
	'attachment; filename="',
	'attachment',
	'inline',
	';;;=',
	'attachment; filename="a.pdf"; filename="b.pdf"',
];

const names: Fault[] = DISPOSITIONS.map((disposition) => ({
	group: 'odd names',
	name: `Content-Disposition: ${disposition.slice(0, 40)}`,
	strikes: (call) => isFile(call) && call.name !== 'link',
	answer: with_({ 'Content-Disposition': disposition }),
	means: 'harmless',
}));

const page = Buffer.from('<!DOCTYPE html><title>Sign in</title><form action="/login">');

const noFiles: Fault[] = (
	[
		[
			'a login page',
			() => sent({ status: 200, headers: [['Content-Type', 'text/html']], body: page }),
		],
		[
			'JSON of a gateway',
			() =>
				sent({
					status: 200,
					headers: [['Content-Type', 'application/json']],
					body: Buffer.from('{"message":"no upstream"}'),
				}),
		],
		[
			'JSON of a gateway without a type',
			() => sent({ status: 200, headers: [], body: Buffer.from('{"message":"no upstream"}') }),
		],
		[
			'a refusal instead of the file',
			() =>
				sent({
					status: 200,
					headers: [['Content-Type', 'application/json']],
					body: Buffer.from('{"errcode":40007,"errmsg":"invalid media_id"}'),
				}),
		],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({
	group: 'no files',
	name,
	strikes: isFile,
	reaches: false,
	answer,
	means: 'fatal',
}));

export const fileFaults: Fault[] = [...ranges, ...disguised, ...versions, ...names, ...noFiles];
