/** Reads the file behind a link to its end, for the MD5 that WeCom wants, and compares it with what was looked at. */
import { createHash } from 'crypto';

import { LOOK_BYTES } from '../client/body';
import type { WeComClient } from '../client/client';
import { WeComInputError } from '../client/errors';
import { againIfChanged, downloadLink } from './download';
import { LINK_TYPES } from '../accounts/rules';
import { LINK, refuseTooLarge, refuseTooSmall, unreachable } from './link';
import type { LinkInfo } from './link';

/** What came of reading a link to its end. */
interface FileRead {
	/** 32 lower-case hex digits. */
	md5: string;
	/** Bytes. */
	size: number;
	/** The first {@link LOOK_BYTES} of it. */
	start: Buffer;
}

/**
 * Reads the file once by Range without keeping it; a broken connection is taken up again.
 *
 * @throws WeComInputError when it cannot be fetched, or as soon as it turns out to have a size WeCom does not take
 */
export async function md5OfLink(client: WeComClient, url: string): Promise<FileRead> {
	const read = async (): Promise<FileRead> => {
		const hash = createHash('md5');
		let start = Buffer.alloc(0);
		let size = 0;
		const download = await downloadLink(client, LINK, url, { mayBePage: true });
		if ((download.size ?? 0) > LINK_TYPES.file.maxBytes) download.close();
		refuseTooLarge(download.size ?? 0);
		for await (const piece of download.bytes) {
			hash.update(piece);
			if (size < LOOK_BYTES) start = Buffer.concat([start, piece]).subarray(0, LOOK_BYTES);
			size += piece.length;
			// A server that does not say how much comes may never end.
			refuseTooLarge(size);
		}
		refuseTooSmall(size);
		return { md5: hash.digest('hex'), size, start };
	};
	try {
		return await againIfChanged(client, read);
	} catch (error) {
		throw unreachable(error);
	}
}

/** @throws WeComInputError when two looks at a link found two files */
export function refuseDifferent(looked: Pick<LinkInfo, 'size' | 'start'>, read: FileRead): void {
	const common = Math.min(looked.start.length, read.start.length);
	const isAlike = read.start.subarray(0, common).equals(looked.start.subarray(0, common));
	if (looked.size === read.size && isAlike) return;
	const difference =
		looked.size === read.size
			? 'another beginning'
			: `${read.size} bytes instead of ${looked.size}`;
	throw new WeComInputError(
		`The link gives another file each time: the second time it had ${difference}`,
		'WeCom would fetch yet another one. Give a link that answers everybody with the same file.',
		'URL',
	);
}
