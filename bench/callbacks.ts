import { encrypt, getSignature } from '@wecom/crypto';
import { createHash } from 'node:crypto';
import type { CallbackSpec } from './callbackClient';

/** Made up; the credential of the measured trigger. */
export const receiver = {
	corpId: 'ww-bench',
	corpSecret: 'made-up-bench-secret',
	callbackToken: 'madeUpForBench',
	/** 43 letters and digits. */
	encodingAesKey: createHash('sha256').update('bench').digest('hex').slice(0, 43),
};

/** What a callback announces: the end of an upload job, or a picture of 200 KB that a member has sent. */
export type Announced = 'job' | 'image';

type Node = [name: string, value: string | number];

/** As WeCom announces them (vendor pages 96219, 90239), encrypted and signed before the clock starts. */
export function callbacksOf(
	announced: Announced,
	ids: string[],
): Pick<CallbackSpec, 'requests' | 'contentType'> {
	const timestamp = Math.floor(Date.now() / 1000);
	const requests = ids.map((id, index) => {
		const nodes = announced === 'job' ? jobOf(id) : imageOf(id);
		const message = xml([['ToUserName', receiver.corpId], ['CreateTime', timestamp], ...nodes]);
		const encrypted = encrypt(receiver.encodingAesKey, message, receiver.corpId);
		const nonce = String(index);
		const signature = getSignature(receiver.callbackToken, timestamp, nonce, encrypted);
		return {
			query: `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
			body: xml([
				['ToUserName', receiver.corpId],
				['Encrypt', encrypted],
				['AgentID', '0'],
			]),
		};
	});
	return { requests, contentType: 'text/xml' };
}

function jobOf(jobid: string): Node[] {
	return [
		['FromUserName', 'sys'],
		['MsgType', 'event'],
		['Event', 'upload_media_job_finish'],
		['JobId', jobid],
	];
}

/** The bench's server gives as many bytes as a media_id names. */
function imageOf(id: string): Node[] {
	return [
		['FromUserName', 'bench'],
		['MsgType', 'image'],
		['MediaId', `image-200000-${id}`],
		['MsgId', id],
	];
}

function xml(nodes: Node[]): string {
	const inner = nodes.map(([name, value]) =>
		typeof value === 'number'
			? `<${name}>${value}</${name}>`
			: `<${name}><![CDATA[${value}]]></${name}>`,
	);
	return `<xml>${inner.join('')}</xml>`;
}
