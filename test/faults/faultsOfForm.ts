/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/** Answers that are no good HTTP: lying lengths, encodings nobody asked for, headers no parser takes. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

import { isJson, isPart, type Fault } from './fault';
import { bytesOf, headOf, withHeaders, type Answer, type Step } from './wire';

type Headers = Record<string, string | undefined>;

/** The real answer's head with these changes, then this body; nothing is added. */
const told = (real: Answer, changes: Headers, body: Buffer = real.body): Step => ({
	send: Buffer.concat([headOf(real.status, withHeaders(real, changes)), body]),
});

const length = (bytes: number) => ({ 'Content-Length': String(bytes) });

const lengths: Fault[] = (
	[
		['one byte too many told', (real) => [told(real, length(real.body.length + 1)), 'end']],
		[
			'one byte too many told, then silence',
			(real) => [told(real, length(real.body.length + 1)), 'hang'],
		],
		['ten times too many told', (real) => [told(real, length(real.body.length * 10)), 'end']],
		['a length of 0', (real) => [told(real, length(0)), 'end']],
		[
			'a length of 9007199254740993',
			(real) => [told(real, { 'Content-Length': '9007199254740993' }), 'end'],
		],
		['a negative length', (real) => [told(real, length(-1)), 'end']],
		['a length that is no number', (real) => [told(real, { 'Content-Length': 'many' }), 'end']],
		['a length in hex', (real) => [told(real, { 'Content-Length': '0x10' }), 'end']],
		[
			'two different lengths',
			(real) => [told(real, { 'Content-Length': '5', 'content-length ': '6' }), 'end'],
		],
		[
			'a length beside chunks',
			(real) => [
				told(
					real,
					{ ...length(real.body.length), 'Transfer-Encoding': 'chunked' },
					chunked(real.body),
				),
				'end',
			],
		],
		[
			'chunks without an end',
			(real) => [inChunks(real, chunked(real.body).subarray(0, -5)), 'end'],
		],
		[
			'chunks without an end, then silence',
			(real) => [inChunks(real, chunked(real.body).subarray(0, -5)), 'hang'],
		],
		[
			'a chunk shorter than told',
			(real) => [inChunks(real, Buffer.concat([Buffer.from('ffff\r\n'), real.body])), 'end'],
		],
		[
			'a chunk length that is no number',
			(real) => [inChunks(real, Buffer.concat([Buffer.from('zz\r\n'), real.body])), 'end'],
		],
		[
			'an endless chunk length',
			(real) => [inChunks(real, Buffer.from(`${'f'.repeat(40)}\r\n`)), 'end'],
		],
		[
			'an unknown transfer encoding',
			(real) => [told(real, { 'Transfer-Encoding': 'rot13' }), 'end'],
		],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'lying lengths', name, answer }));

const cutLengths: Fault[] = (
	[
		['one byte too few told', (bytes) => bytes - 1],
		['a tenth told', (bytes) => Math.floor(bytes / 10)],
	] satisfies Array<[string, (bytes: number) => number]>
).map(([name, shorter]) => ({
	group: 'lying lengths',
	name,
	// Nothing else says how long a whole file is.
	strikes: (call) => isJson(call) || isPart(call),
	answer: (real) => [told(real, length(shorter(real.body.length))), 'end'],
}));

const rightLengths: Fault[] = (
	[
		['chunks', (real) => [inChunks(real, chunked(real.body)), 'end']],
		[
			'chunks with extensions and a trailer',
			(real) => [inChunks(real, chunked(real.body, ';a=b', 'X-Sum: 1\r\n')), 'end'],
		],
		[
			'chunks of one byte',
			(real) => [
				inChunks(
					real,
					Buffer.concat(
						[...real.body]
							.map((byte) => chunked(Buffer.from([byte])).subarray(0, -5))
							.concat(Buffer.from('0\r\n\r\n')),
					),
				),
				'end',
			],
		],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'right lengths', name, answer, means: 'harmless' }));

function chunked(body: Buffer, extension = '', trailer = ''): Buffer {
	return Buffer.concat([
		Buffer.from(`${body.length.toString(16)}${extension}\r\n`),
		body,
		Buffer.from(`\r\n0\r\n${trailer}\r\n`),
	]);
}

function inChunks(real: Answer, body: Buffer): Step {
	return told(real, { 'Transfer-Encoding': 'chunked', 'Content-Length': undefined }, body);
}

/** `body` in the encoding named; the length is told truly. */
const encoded = (encoding: string, encode: (body: Buffer) => Buffer) => (real: Answer) => {
	const body = encode(real.body);
	return [
		told(real, { 'Content-Encoding': encoding, ...length(body.length) }, body),
		'end',
	] as Step[];
};

const encodings: Fault[] = (
	[
		['gzip that is none', encoded('gzip', (body) => body)],
		['deflate that is none', encoded('deflate', (body) => body)],
		['brotli that is none', encoded('br', (body) => body)],
		['zstd that is none', encoded('zstd', (body) => body)],
		['an unknown encoding', encoded('x-secret', (body) => body)],
		['gzip cut in half', encoded('gzip', (body) => halfOf(gzipSync(body)))],
		['gzip with a wrong checksum', encoded('gzip', (body) => wrongSum(gzipSync(body)))],
		[
			'gzip with something behind it',
			encoded('gzip', (body) => Buffer.concat([gzipSync(body), Buffer.from('behind')])),
		],
		['gzip in gzip, told once', encoded('gzip', (body) => gzipSync(gzipSync(body)))],
		['gzip of nothing', encoded('gzip', () => gzipSync(Buffer.alloc(0)))],
		['an empty gzip', encoded('gzip', () => Buffer.alloc(0))],
		['gzip of 64 MiB of blanks', encoded('gzip', () => bomb)],
		['gzip nobody asked for', encoded('gzip', (body) => gzipSync(body))],
		['deflate nobody asked for', encoded('deflate', (body) => deflateSync(body))],
		['raw deflate nobody asked for', encoded('deflate', (body) => deflateRawSync(body))],
		['brotli nobody asked for', encoded('br', (body) => brotliCompressSync(body))],
		['gzip in gzip, told twice', encoded('gzip, gzip', (body) => gzipSync(gzipSync(body)))],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'encodings', name, answer }));

const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
const halfOf = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2));

function wrongSum(bytes: Buffer): Buffer {
	const wrong = Buffer.from(bytes);
	wrong[wrong.length - 8] ^= 0xff;
	return wrong;
}

const raw = (text: string) => (): Step[] => [{ send: Buffer.from(text, 'latin1') }, 'end'];
const typed =
	(type: string) =>
	(real: Answer): Step[] => [
		{ send: bytesOf({ ...real, headers: withHeaders(real, { 'Content-Type': type }) }) },
		'end',
	];

const noHttp: Fault[] = (
	[
		['no HTTP at all', raw('220 smtp.example.com ESMTP ready\r\n')],
		['TLS where none is spoken', raw('\x15\x03\x01\x00\x02\x02\x28')],
		['a body without headers', (real) => [{ send: real.body }, 'end']],
		['NUL bytes', raw('\0'.repeat(200))],
		['a status that is no number', raw('HTTP/1.1 OK\r\n\r\n')],
		['HTTP/9.9', raw('HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n{}')],
		['64 KiB of headers', (real) => [told(real, { 'X-Long': 'x'.repeat(65_536) }), 'end']],
		['a header with a NUL', (real) => [told(real, { 'X-Nul': 'a\0b' }), 'end']],
		['a header name with a space', (real) => [told(real, { 'X Space': 'a' }), 'end']],
		['a header without a colon', raw('HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}')],
		['HTTP/2 preface', raw('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
		[
			'a switch of protocols',
			raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
		],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'no HTTP', name, answer, means: 'fatal' }));

const oddHttp: Fault[] = (
	[
		[
			'two hundred more headers',
			(real) => [
				{
					send: bytesOf({
						...real,
						headers: [
							...real.headers,
							...Array.from({ length: 200 }, (_, i): [string, string] => [`X-${i}`, 'x']),
						],
					}),
				},
				'end',
			],
		],
		[
			'a header in UTF-8',
			(real) => [
				{
					send: bytesOf({
						...real,
						headers: withHeaders(real, { 'X-Name': Buffer.from('企业微信').toString('latin1') }),
					}),
				},
				'end',
			],
		],
		[
			'cookies',
			(real) => [
				{
					send: bytesOf({
						...real,
						headers: [...real.headers, ['Set-Cookie', 'a=b'], ['Set-Cookie', 'c=d']],
					}),
				},
				'end',
			],
		],
		[
			'keep-alive that is not kept',
			(real) => [
				{
					send: bytesOf({
						...real,
						headers: withHeaders(real, { Connection: 'keep-alive', 'Keep-Alive': 'timeout=60' }),
					}),
				},
				'end',
			],
		],
		[
			'header names in capitals',
			(real) => [
				{
					send: bytesOf({
						...real,
						headers: real.headers.map(([name, value]): [string, string] => [
							name.toUpperCase(),
							value,
						]),
					}),
				},
				'end',
			],
		],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({ group: 'odd HTTP', name, answer, means: 'harmless' }));

const oldHttp: Fault[] = [
	{
		group: 'odd HTTP',
		name: 'HTTP/1.0 without a length',
		// A whole file without a length may be cut anywhere, and nobody would know.
		strikes: (call) => isJson(call) || isPart(call),
		answer: (real) => {
			const head = headOf(real.status, real.headers).toString('latin1');
			const old = Buffer.from(head.replace('HTTP/1.1', 'HTTP/1.0'), 'latin1');
			return [{ send: Buffer.concat([old, real.body]) }, 'end'];
		},
		means: 'harmless',
	},
];

const types: Fault[] = [
	'text/html',
	'text/plain',
	'application/octet-stream',
	'image/jpeg',
	'no type',
	'',
].map((type): Fault => ({
	group: 'odd HTTP',
	name: `Content-Type: ${type}`,
	answer: (real) => typed(type)(real),
	// A file whose name came with it stays a file, and JSON stays JSON.
	means: 'harmless',
}));

export const formFaults: Fault[] = [
	...lengths,
	...cutLengths,
	...rightLengths,
	...encodings,
	...noHttp,
	...oddHttp,
	...oldHttp,
	...types,
];
