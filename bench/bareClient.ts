/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
/**
 * What the node is measured against: the same files, from disk (as form-data sends them) and to disk, over node:http
 * alone, the same number at a time. Like n8n's HTTP helper it opens a connection for every request.
 */
import FormData from 'form-data';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileStream } from './bytes';
import { Meter } from './meter';
import { serve } from './serve';
import { mediaIdOf, type ChildReport, type ChildSpec, type TransferSpec } from './spec';
import { WARM_UP } from './warmUp';

/** The most that one request for temporary media may ask for (vendor page 90254). */
const LARGEST_RANGE = 20_000_000;

const agent = new Agent({ keepAlive: false });

async function main({ baseUrl, ...spec }: ChildSpec): Promise<ChildReport> {
	const folder = await mkdtemp(join(tmpdir(), 'wecom-media-bench-'));
	const meter = new Meter();
	try {
		const token = await fetchToken(baseUrl);
		for (const work of [{ ...spec, ...WARM_UP }, spec]) {
			const move =
				work.direction === 'upload'
					? await uploader(folder, baseUrl, token, work)
					: downloader(folder, baseUrl, token, work);
			meter.start();
			await inParallel(work, move);
			meter.stop();
		}
		return meter.report();
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function inParallel(
	{ files, concurrency }: TransferSpec,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < files) await work(next++);
	};
	await Promise.all(Array.from({ length: concurrency }, worker));
}

async function uploader(folder: string, baseUrl: string, token: string, spec: TransferSpec) {
	const path = (index: number) => join(folder, `${index}.bin`);
	for (let index = 0; index < spec.files; index += 1) {
		await writeFile(path(index), fileStream(spec.fileBytes));
	}
	return async (index: number) => {
		const form = new FormData();
		form.append('media', createReadStream(path(index)), {
			filename: `${index}.bin`,
			knownLength: spec.fileBytes,
		});
		const headers = { ...form.getHeaders(), 'content-length': form.getLengthSync() };
		const url = `${baseUrl}/cgi-bin/media/upload?type=file&access_token=${token}`;
		const answer = await readJson(await send(url, { method: 'POST', headers }, form));
		if (answer.errcode !== 0) throw new Error('the upload was refused');
	};
}

function downloader(folder: string, baseUrl: string, token: string, spec: TransferSpec) {
	return async (index: number) => {
		const path = join(folder, `${index}.bin`);
		const query = `access_token=${token}&media_id=${mediaIdOf(spec.fileBytes, index)}`;
		for (let at = 0; at < spec.fileBytes; at += LARGEST_RANGE) {
			const headers = { range: `bytes=${at}-${at + LARGEST_RANGE - 1}` };
			const answer = await send(`${baseUrl}/cgi-bin/media/get?${query}`, { headers });
			await pipeline(answer, createWriteStream(path, { flags: at === 0 ? 'w' : 'a' }));
		}
		const { size } = await stat(path);
		if (size !== spec.fileBytes) throw new Error('the download is not complete');
	};
}

async function fetchToken(baseUrl: string): Promise<string> {
	const answer = await send(`${baseUrl}/cgi-bin/gettoken?corpid=c&corpsecret=s`, {});
	return String((await readJson(answer)).access_token);
}

async function send(
	url: string,
	options: RequestOptions,
	body?: FormData,
): Promise<IncomingMessage> {
	return await new Promise((resolve, reject) => {
		const sent = request(url, { agent, ...options }, resolve);
		sent.once('error', reject);
		if (body) body.pipe(sent);
		else sent.end();
	});
}

async function readJson(answer: IncomingMessage): Promise<Record<string, unknown>> {
	let text = '';
	for await (const piece of answer) text += String(piece);
	return JSON.parse(text) as Record<string, unknown>;
}

serve(main);
