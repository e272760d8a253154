/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

import FormData from 'form-data';

import type { Simulator } from './index';

/** A bare HTTP client for the simulator's own tests: it knows nothing of WeCom. */
export interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	rawHeaders: string[];
	bytes: Buffer;
	/** Why the body ended early; undefined for a complete answer. */
	broken?: string;
	/** The body as a JSON object; throws when it is none. */
	json(): Record<string, unknown>;
}

export interface Call {
	method?: string;
	headers?: Record<string, string>;
	body?: Buffer | string;
	/** Send the body in pieces without a Content-Length. */
	chunked?: boolean;
	signal?: AbortSignal;
}

/** Sends one request on a connection of its own. Rejects when no answer begins. */
export async function call(url: string, options: Call = {}): Promise<Answer> {
	const { body, headers = {}, signal } = options;
	const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
	return await new Promise((resolve, reject) => {
		const request = httpRequest(
			url,
			{
				method: options.method ?? (body === undefined ? 'GET' : 'POST'),
				headers: { ...(options.chunked ? {} : length), ...headers },
				agent: false,
				signal,
			},
			(response) => {
				const chunks: Buffer[] = [];
				const finish = (broken?: string) => {
					const bytes = Buffer.concat(chunks);
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						rawHeaders: response.rawHeaders,
						bytes,
						broken,
						json: () => JSON.parse(bytes.toString('utf8')) as Record<string, unknown>,
					});
				};
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('end', () => finish());
				response.on('error', (error) => finish(error.message));
			},
		);
		request.on('error', reject);
		if (options.chunked && body !== undefined) request.write(body);
		request.end(options.chunked ? undefined : body);
	});
}

/** Posts JSON. */
export async function post(url: string, value: unknown): Promise<Answer> {
	return await call(url, {
		body: JSON.stringify(value),
		headers: { 'Content-Type': 'application/json' },
	});
}

export interface FormOptions {
	field?: string;
	fileName?: string;
	chunked?: boolean;
	/** Text parts behind the file. */
	texts?: Record<string, string>;
}

/** Posts a file as multipart, encoded by form-data. */
export async function postFile(
	url: string,
	bytes: Buffer,
	{ field = 'media', fileName = 'report.txt', chunked, texts = {} }: FormOptions = {},
): Promise<Answer> {
	const form = new FormData();
	form.append(field, bytes, { filename: fileName });
	for (const [name, text] of Object.entries(texts)) form.append(name, text);
	return await call(url, { body: form.getBuffer(), headers: form.getHeaders(), chunked });
}

/** Posts a hand-written multipart body with one part. */
export async function postPart(url: string, disposition: string, content: string): Promise<Answer> {
	const body =
		`--boundary\r\nContent-Disposition: form-data; ${disposition}\r\n` +
		`Content-Type: application/octet-stream\r\n\r\n${content}\r\n--boundary--\r\n`;
	const headers = { 'Content-Type': 'multipart/form-data; boundary=boundary' };
	return await call(url, { body, headers });
}

/** An access_token of the demo corp's app. */
export async function corpToken({ url, demo }: Simulator): Promise<string> {
	const { corpId, corpSecret } = demo.corp;
	const answer = await call(`${url}/cgi-bin/gettoken?corpid=${corpId}&corpsecret=${corpSecret}`);
	return String(answer.json().access_token);
}

/** An access_token of the demo Official Account. */
export async function accountToken({ url, demo }: Simulator): Promise<string> {
	const { appId, appSecret } = demo.officialAccount;
	const answer = await post(`${url}/cgi-bin/stable_token`, {
		grant_type: 'client_credential',
		appid: appId,
		secret: appSecret,
	});
	return String(answer.json().access_token);
}

/** Small files that are what their type asks for, as far as the first bytes go. */
export const SAMPLES = {
	png: Buffer.from('\x89PNG\r\n\x1a\n made-up picture', 'latin1'),
	jpeg: Buffer.from('\xff\xd8\xff\xe0 made-up picture', 'latin1'),
	mp4: Buffer.from('\0\0\0\x18ftypmp42 made-up film', 'latin1'),
	gif: Buffer.from('GIF89a made-up picture', 'latin1'),
	text: Buffer.from('a report of some bytes'),
};

/** An AMR-NB voice of so many 20 ms frames of type 7 (32 bytes each). */
export function amr(frames: number): Buffer {
	const frame = Buffer.alloc(32);
	frame[0] = 7 << 3;
	return Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(frames).fill(frame)]);
}
