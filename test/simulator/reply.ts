/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import { Refusal } from './errcodes';
import type { Fault } from './faults';

/** An answer before it is sent. */
export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
	errcode?: number;
	/** Content-Length instead of the body's; where the body is shorter, the connection is cut after it. */
	announcedBytes?: number;
	/** Leave Content-Length out. */
	withoutLength?: boolean;
}

/** Which product's manner of answering applies. */
export type Product = 'corp' | 'officialAccount';

const JSON_TYPE = 'application/json; charset=UTF-8';
const WRITE_BYTES = 256 * 1024;

/** A JSON answer; the vendor answers business failures with HTTP 200 too. */
export function jsonReply(value: Record<string, unknown>): Reply {
	return {
		status: 200,
		headers: { 'Content-Type': JSON_TYPE },
		body: Buffer.from(JSON.stringify(value)),
		errcode: typeof value.errcode === 'number' ? value.errcode : undefined,
	};
}

/** An answer without a body. */
export function emptyReply(status: number): Reply {
	return { status, headers: {}, body: Buffer.alloc(0) };
}

/** The answer to a refused call, with hint, caller's IP and the two error headers. */
export function failureReply(
	refusal: Refusal,
	product: Product,
	clientIp: string,
	now: number,
): Reply {
	const { errcode, message, fields } = refusal;
	const hex = (digits: number) => randomBytes(digits / 2).toString('hex');
	const errmsg =
		product === 'officialAccount'
			? `${message} rid: ${hex(8)}-${hex(8)}-${hex(8)}`
			: `${message}, hint: [${Math.floor(now / 1000)}_${hex(2)}_${hex(32)}], from ip: ${clientIp}, ` +
				`more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
	const reply = jsonReply({ errcode, errmsg, ...fields });
	reply.headers['Error-Code'] = String(errcode);
	reply.headers['Error-Msg'] = message;
	return reply;
}

/**
 * Sends an answer, slowly enough for a slow reader, and bends it as the fault says.
 * @returns how the connection was ended, when not by a complete reply
 */
export async function sendReply(
	response: ServerResponse,
	reply: Reply,
	fault: Fault = {},
): Promise<string | undefined> {
	const announced = reply.announcedBytes ?? reply.body.length;
	const headers = reply.withoutLength
		? reply.headers
		: { ...reply.headers, 'Content-Length': String(announced) };
	response.writeHead(reply.status, { ...headers, ...fault.headers });

	const short = announced > reply.body.length ? reply.body.length : undefined;
	const limit = fault.cutAfterBytes ?? fault.stallAfterBytes ?? short;
	const body = limit === undefined ? reply.body : reply.body.subarray(0, limit);
	for (let offset = 0; offset < body.length && !response.destroyed; offset += WRITE_BYTES) {
		const ready = response.write(body.subarray(offset, offset + WRITE_BYTES));
		if (!ready) await drained(response);
	}
	if (response.destroyed) return 'the client went away';
	if (limit === undefined) {
		response.end();
		return undefined;
	}
	if (body.length === 0) response.flushHeaders();
	await new Promise((resolve) => response.write(Buffer.alloc(0), resolve));
	if (fault.stallAfterBytes !== undefined) return `stalled after ${body.length} bytes`;
	response.destroy();
	return `cut after ${body.length} bytes`;
}

/** Resolves when the reader has taken what was written, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
	await new Promise<void>((resolve) => {
		const done = () => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};
		response.on('drain', done);
		response.on('close', done);
	});
}
