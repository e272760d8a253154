/** Makes a stored file available to WeCom through the trigger's production URL. */
import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import { LOOK_BYTES, toBuffer } from '../wecom/client/body';
import type { FileAnswer, WeComClient } from '../wecom/client/client';
import { parseContentRange } from '../wecom/calls/partAnswer';
import { WeComHttpError, WeComInputError, WeComNetworkError } from '../wecom/client/errors';
import { nameToSend } from '../wecom/files/naming';
import { linkKey, signLink } from '../wecom/calls/signedLink';
import type { LinkInfo } from '../wecom/calls/link';
import { sniff } from '../wecom/files/sniff';
import type { System } from '../wecom/accounts/system';
import { header } from '../wecom/client/wire';
import { mediaFileOf, storedId } from './binary';
import type { InputFile } from './binary';

const HOST_HINT =
	"Check that the workflow of the WeCom Media Trigger is active, that it uses the same credential as this node, and that 'Host URL' is its whole Production URL. If n8n cannot reach its own public address, turn off 'Check URL'.";
const MIME_TYPE = /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/;

export interface HostedLink {
	url: string;
	info: LinkInfo;
	md5: string;
	/** Unix seconds. */
	expires: number;
}

/**
 * Reads the file once for MD5 and type, and signs a link to it.
 *
 * @param hostUrl production URL of a WeCom Media Trigger with the same credential
 * @param lifetimeS seconds
 * @throws WeComInputError
 */
export async function hostFile(
	context: IExecuteFunctions,
	itemIndex: number,
	field: InputFile,
	system: System,
	host: { hostUrl: string; fileName: string; lifetimeS: number },
): Promise<HostedLink> {
	const hostUrl = readHostUrl(host.hostUrl);
	const file = await mediaFileOf(context, itemIndex, field);
	const ids = storedIds(context, itemIndex, field);
	if (ids.length === 0) {
		throw new WeComInputError(
			'n8n keeps this file in memory, so it cannot be hosted for WeCom',
			'Set N8N_DEFAULT_BINARY_DATA_MODE=filesystem on the n8n server, and do not pin the data of the node before.',
			'Input Binary Field',
		);
	}
	const hash = createHash('md5');
	let start = Buffer.alloc(0);
	for await (const piece of await file.open()) {
		const bytes = toBuffer(piece);
		hash.update(bytes);
		if (start.length < LOOK_BYTES) start = Buffer.concat([start, bytes.subarray(0, LOOK_BYTES)]);
	}
	const sniffed = sniff(start);
	const md5 = hash.digest('hex');
	const fileName = nameToSend(host.fileName, file, sniffed, start);
	const expires = Math.floor(Date.now() / 1000) + host.lifetimeS;
	const { size } = file;
	const isNamed = sniffed.content === 'unknown' && MIME_TYPE.test(file.mimeType);
	const mimeType = isNamed ? file.mimeType : sniffed.mimeType;
	const signed = { ids, fileName, mimeType, size, md5, expires };
	const url = signLink(hostUrl, signed, linkKey(system));
	return { url, info: { size, sniffed, start, fileName, mimeType }, md5, expires };
}

/**
 * Asks for the hosted file as WeCom will.
 *
 * @throws WeComInputError when something else answers, or nothing
 */
export async function checkHostedLink(client: WeComClient, link: HostedLink): Promise<void> {
	const answer = await askForFirstByte(client, link.url);
	answer.body.destroy?.();
	const part = parseContentRange(header(answer, 'content-range'));
	const isFirstByte = answer.start.equals(link.info.start.subarray(0, 1));
	const isFile = part?.start === 0 && part.total === link.info.size && isFirstByte;
	if (answer.status === 206 && isFile) return;
	throw cannotBeFetched(
		`something else answers, or a proxy between removes Range (HTTP status ${answer.status})`,
	);
}

async function askForFirstByte(client: WeComClient, url: string): Promise<FileAnswer> {
	try {
		const headers = { range: 'bytes=0-0' };
		return await client.openLink('The hosted link', url, { headers, mayBePage: true });
	} catch (error) {
		throw notServed(error);
	}
}

function notServed(error: unknown): unknown {
	if (error instanceof WeComHttpError) {
		return cannotBeFetched(`it answers with HTTP status ${error.status}`);
	}
	return error instanceof WeComNetworkError ? cannotBeFetched(error.reason) : error;
}

function cannotBeFetched(reason: string): WeComInputError {
	const message = `The file cannot be fetched through 'Host URL': ${reason}`;
	return new WeComInputError(message, HOST_HINT, 'Host URL');
}

/** A file that a webhook received is moved by n8n when the execution ends: `…/executions/temp/…` gets its real id. */
function storedIds(context: IExecuteFunctions, itemIndex: number, field: InputFile): string[] {
	const id = storedId(context, itemIndex, field);
	const later = id.replace('/executions/temp/', `/executions/${context.getExecutionId()}/`);
	return [...new Set([id, later])].filter((each) => each !== '');
}

function readHostUrl(value: string): string {
	const hostUrl = value.trim();
	const hint =
		"Open the WeCom Media Trigger of an active workflow, copy its Production URL, and paste it into the option 'Host URL'. It must use the same credential as this node.";
	if (hostUrl === '') throw new WeComInputError("'Host URL' is empty", hint, 'Host URL');
	const isUrl = URL.canParse(hostUrl) && /^https?:$/.test(new URL(hostUrl).protocol);
	if (!isUrl || /[?#\s]/.test(hostUrl)) {
		throw new WeComInputError("'Host URL' is not the URL of a trigger", hint, 'Host URL');
	}
	if (hostUrl.includes('/webhook-test/')) {
		throw new WeComInputError(
			"'Host URL' is the Test URL, which answers only now and then",
			hint,
			'Host URL',
		);
	}
	return hostUrl;
}
