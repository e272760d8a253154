/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

import { againIfChanged, downloadLink } from '../../nodes/WeComMedia/wecom/calls/download';
import {
	WeComChangedError,
	WeComHttpError,
	WeComNetworkError,
	WeComTransferError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { noise } from './files';
import { answering, type Answering } from './answering';
import { bytesIn, failureOf, useScene } from './scene';

const scene = useScene({ speed: 20 });
const server: Answering = answering();

const PIECE = 19_999_984;
const file = noise(300_005);

/** Downloads what the server gives. */
async function download(name = 'media/get'): Promise<Buffer> {
	const { client } = scene.app();
	return await bytesIn(await downloadLink(client, name, server.url, { mayBePage: true }));
}

/** The start and end (exclusive) that a request asks for. */
function asked({ headers }: IncomingMessage): [number, number] {
	const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
	return [Number(start), Math.min(Number(end) + 1, file.length)];
}

/** Gives a part as a server does that knows Range. */
function part(request: IncomingMessage, response: ServerResponse, headers = {}, bytes = file) {
	const [start, end] = asked(request);
	if (start >= bytes.length) return unsatisfiable(response, bytes.length);
	response.writeHead(206, {
		'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
		'content-length': end - start,
		...headers,
	});
	response.end(bytes.subarray(start, end));
}

function unsatisfiable(response: ServerResponse, size: number | string = file.length): void {
	response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
}

/** Sends some bytes and breaks the connection. */
function cut(response: ServerResponse, bytes: Buffer): void {
	response.write(bytes, () => response.destroy());
}

describe('a file ends only where somebody has said so', () => {
	test.each([
		[1_000, file.length],
		[1_024, '*'],
		[100_001, '*'],
		[300_000, '*'],
		[299_999, file.length],
		[299_999, '*'],
	])(
		'parts that a proxy caps at %d bytes, their total a star, are put together; 416 says %s',
		async (cap, size) => {
			server.answer = (request, response) => {
				const [start, end] = asked(request);
				if (start >= file.length) return unsatisfiable(response, size);
				const last = Math.min(start + cap, end) - 1;
				response.writeHead(206, { 'content-range': `bytes ${start}-${last}/*` });
				response.end(file.subarray(start, last + 1));
			};
			expect((await download()).equals(file)).toBe(true);
		},
	);

	test('a part that ends early, its total a star, is continued, not the end', async () => {
		let isCut = false;
		server.answer = (request, response) => {
			const [start, end] = asked(request);
			if (start >= file.length) return unsatisfiable(response);
			const headers = { 'content-range': `bytes ${start}-${end - 1}/*` };
			if (isCut) return part(request, response, headers);
			isCut = true;
			response.writeHead(206, { ...headers, 'content-length': end - start });
			cut(response, file.subarray(0, 100_000));
		};
		expect((await download()).equals(file)).toBe(true);
	});

	test('HTTP 416 after a broken part is an error, not the end', async () => {
		server.answer = (request, response) => {
			const [start, end] = asked(request);
			if (start > 0) return unsatisfiable(response, '*');
			response.writeHead(206, { 'content-range': `bytes 0-${end - 1}/*`, 'content-length': end });
			cut(response, file.subarray(0, 100_000));
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toMatch(/^media\/get: the server gives nothing after byte \d+$/);
	});

	test('HTTP 416 that names more bytes than came is an error', async () => {
		server.answer = (request, response) => {
			const [start] = asked(request);
			if (start > 0) return unsatisfiable(response, file.length + 1);
			part(request, response, { 'content-range': `bytes 0-${file.length - 1}/*` });
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe('media/get: the server gives nothing after byte 300005 of 300006');
	});

	test('HTTP 416 that names fewer bytes than came is an error', async () => {
		server.answer = (request, response) => {
			const [start] = asked(request);
			if (start > 0) return unsatisfiable(response, 7);
			part(request, response, { 'content-range': `bytes 0-${file.length - 1}/*` });
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe(
			'media/get: the server says that the file has 7 bytes, but more came',
		);
	});

	test('HTTP 416 before a known end is an error', async () => {
		server.answer = (request, response) => {
			const [start] = asked(request);
			if (start > 0) return unsatisfiable(response);
			part(request, response, { 'content-range': `bytes 0-${file.length - 1}/${PIECE}` });
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe(
			`media/get: the server gives nothing after byte 300005 of ${PIECE}`,
		);
	});

	test('a part that gives what is there already and no more is an error', async () => {
		server.answer = (_request, response) => {
			response.writeHead(206, { 'content-range': 'bytes 0-9/20' }).end(file.subarray(0, 10));
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe('media/get: the server gives nothing after byte 10 of 20');
	});

	test('a whole file without length, sent in chunks, ends with the last of them', async () => {
		server.answer = (_request, response) => {
			response.writeHead(200);
			response.write(file.subarray(0, 1_000));
			response.end(file.subarray(1_000));
		};
		expect((await download()).equals(file)).toBe(true);
	});

	test('a whole file that only the closed connection ends is an error with the bytes that came', async () => {
		server.raw = `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${'x'.repeat(1_000)}`;
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe(
			'media/get: the server ended after 1000 bytes without having said that this is all',
		);
	});

	test('a part whose status a proxy has turned into 200 is a part', async () => {
		let requests = 0;
		server.answer = (request, response) => {
			requests += 1;
			const [start] = asked(request);
			const last = Math.min(start + 100_000, file.length) - 1;
			response.writeHead(200, { 'content-range': `bytes ${start}-${last}/${file.length}` });
			response.end(file.subarray(start, last + 1));
		};
		expect((await download()).equals(file)).toBe(true);
		expect(requests).toBe(4);
	});

	test.each([
		['an empty 200', 200, {}],
		['an empty 200 without length', 200, { 'transfer-encoding': 'chunked' }],
		['a 204', 204, {}],
		['an empty 206', 206, { 'content-range': 'bytes 0-9/10', 'content-length': 0 }],
	])('%s is no file', async (_what, status, headers) => {
		server.answer = (_request, response) => void response.writeHead(status, headers).end();
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.message).toBe('media/get: the server sent an empty file');
	});

	test('416 for the very first part says what it may mean', async () => {
		server.answer = (_request, response) => unsatisfiable(response, 0);
		const failure = await failureOf(download(), WeComHttpError);
		expect(failure.message).toBe('media/get was answered with HTTP status 416');
	});
});

describe('a file that becomes another one between two parts', () => {
	const other = noise(file.length).reverse();

	/** Gives the first 100,000 bytes of one version, from then on another. */
	function changing(first: object, then: object): void {
		let isFirst = true;
		server.answer = (request, response) => {
			if (!isFirst) return part(request, response, then, other);
			isFirst = false;
			const headers = {
				'content-range': `bytes 0-99999/${file.length}`,
				'content-length': 100_000,
			};
			response.writeHead(206, { ...headers, ...first }).end(file.subarray(0, 100_000));
		};
	}

	const before = { 'last-modified': 'Mon, 02 Jan 2023 03:04:05 GMT' };
	const after = { 'last-modified': 'Tue, 03 Jan 2023 03:04:05 GMT' };

	test.each([
		['another ETag', { etag: '"a"' }, { etag: '"b"' }],
		['another weak ETag', { etag: 'W/"a"' }, { etag: 'W/"b"' }],
		['another Last-Modified', before, after],
	])('shows by %s, and is an error', async (_what, first, then) => {
		changing(first, then);
		const failure = await failureOf(download(), WeComChangedError);
		expect(failure.message).toBe(
			'media/get: the server gave another version of the file from byte 100000 on',
		);
	});

	test.each([
		[
			'the same ETag and another Last-Modified',
			{ etag: '"a"', ...before },
			{ etag: '"a"', ...after },
		],
		['an ETag in one of them only', { etag: '"a"' }, {}],
		[
			'the time of the answer as Last-Modified',
			{ ...before, date: before['last-modified'] },
			{ ...after, date: after['last-modified'] },
		],
	])('does not show by %s', async (_what, first, then) => {
		changing(first, then);
		const mixed = Buffer.concat([file.subarray(0, 100_000), other.subarray(100_000)]);
		expect((await download()).equals(mixed)).toBe(true);
	});

	test.each([
		['a strong ETag', { etag: '"a"', ...before }, '"a"'],
		['Last-Modified beside a weak ETag', { etag: 'W/"a"', ...before }, before['last-modified']],
		['nothing for a weak ETag alone', { etag: 'W/"a"' }, undefined],
	])('is prevented by asking with If-Range: %s', async (_what, headers, ifRange) => {
		changing(headers, headers);
		await download();
		expect(server.requests.map((request) => request.headers['if-range'])).toEqual([
			undefined,
			ifRange,
		]);
	});

	test('is downloaded once more from its beginning, and then it is the new one', async () => {
		changing({ etag: '"a"' }, { etag: '"b"' });
		const { client } = scene.app();
		expect((await againIfChanged(client, async () => await download())).equals(other)).toBe(true);
		expect(scene.world.lines.at(-1)).toMatch(/another version of the file .*; starting again$/);
	});

	test('again and again is an error after the second time', async () => {
		let etag = 0;
		server.answer = (request, response) => {
			const [start] = asked(request);
			const last = start + 100_000 - 1;
			etag += 1;
			response.writeHead(206, {
				'content-range': `bytes ${start}-${last}/${file.length}`,
				etag: `"${etag}"`,
			});
			response.end(file.subarray(start, last + 1));
		};
		const { client } = scene.app();
		await failureOf(
			againIfChanged(client, async () => await download()),
			WeComChangedError,
		);
		expect(server.requests).toHaveLength(4);
	});
});

describe('a server that compresses although it was asked not to', () => {
	test('and whose bytes do not fit what it announced is named', async () => {
		server.answer = (_request, response) => {
			const packed = gzipSync(file);
			response.writeHead(206, {
				'content-range': `bytes 0-${file.length - 1}/${file.length}`,
				'content-length': packed.length,
				'content-encoding': 'gzip',
			});
			response.end(packed);
		};
		const failure = await failureOf(download(), WeComTransferError);
		expect(failure.hint).toMatch(/compress/);
	});
});

test('a connection that breaks for ever names the bytes that came', async () => {
	server.answer = (request, response) => {
		const [start, end] = asked(request);
		response.writeHead(206, {
			'content-range': `bytes ${start}-${end - 1}/${file.length}`,
			'content-length': end - start,
		});
		cut(response, file.subarray(start, start + 200));
	};
	const failure = await failureOf(download(), WeComNetworkError);
	expect(failure.message).toMatch(/broke at byte \d+ of 300005 and could not be continued/);
});
