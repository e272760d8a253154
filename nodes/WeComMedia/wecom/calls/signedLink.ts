/**
 * Signed links to single files: what n8n hosts for WeCom to pull. A link names exactly one stored file, its size and
 * its end; whoever changes a letter of it gets nothing.
 */
import { createHmac, timingSafeEqual } from 'crypto';

import type { System } from '../accounts/system';

export interface HostedFile {
	/** Ids in n8n's binary storage: where the file is, and where it may be moved to. */
	ids: readonly string[];
	fileName: string;
	mimeType: string;
	/** Bytes. */
	size: number;
	/** 32 lower-case hex digits; also the ETag. */
	md5: string;
	/** Unix seconds. */
	expires: number;
}

const PURPOSE = 'n8n-nodes-wecom-media: links to hosted files, version 1';
const MAX_TOKEN_LENGTH = 2_000;

/** @returns a key that stands for an account's secrets and reveals none of them */
export function linkKey(system: Pick<System, 'secrets' | 'lastingSecrets'>): Buffer {
	const secrets = system.lastingSecrets ?? system.secrets;
	return createHmac('sha256', JSON.stringify(secrets)).update(PURPOSE).digest();
}

/** @param hostUrl the trigger's production URL */
export function signLink(hostUrl: string, file: HostedFile, key: Buffer): string {
	const { ids, fileName, mimeType, size, md5, expires } = file;
	const fields = JSON.stringify([ids, fileName, mimeType, size, md5, expires]);
	const token = Buffer.from(fields).toString('base64url');
	return `${hostUrl}?file=${token}&signature=${signatureOf(token, key)}`;
}

/**
 * @param query as it stands in the request line
 * @param nowMs ms since 1970
 * @returns the file, or undefined for anything that is not a valid link of ours
 */
export function openSignedLink(query: string, key: Buffer, nowMs: number): HostedFile | undefined {
	const params = new URLSearchParams(query);
	const [token, ...moreTokens] = params.getAll('file');
	const [signature, ...moreSignatures] = params.getAll('signature');
	if (!token || !signature || moreTokens.length + moreSignatures.length > 0) return undefined;
	if (token.length > MAX_TOKEN_LENGTH || !isSame(signature, signatureOf(token, key))) {
		return undefined;
	}
	const [ids, fileName, mimeType, size, md5, expires] = JSON.parse(
		Buffer.from(token, 'base64url').toString('utf8'),
	) as [string[], string, string, number, string, number];
	if (expires * 1000 <= nowMs) return undefined;
	return { ids, fileName, mimeType, size, md5, expires };
}

function signatureOf(token: string, key: Buffer): string {
	return createHmac('sha256', key).update(token).digest('base64url');
}

function isSame(given: string, expected: string): boolean {
	const [a, b] = [Buffer.from(given), Buffer.from(expected)];
	return a.length === b.length && timingSafeEqual(a, b);
}
