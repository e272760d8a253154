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

/** Finished upload jobs as WeCom announces them (vendor page 96219), encrypted and signed before the clock starts. */
export function jobCallbacks(jobids: string[]): Pick<CallbackSpec, 'requests' | 'contentType'> {
	const timestamp = Math.floor(Date.now() / 1000);
	const requests = jobids.map((jobid, index) => {
		const message = `<xml><ToUserName><![CDATA[${receiver.corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${timestamp}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[upload_media_job_finish]]></Event><JobId><![CDATA[${jobid}]]></JobId></xml>`;
		const encrypted = encrypt(receiver.encodingAesKey, message, receiver.corpId);
		const nonce = String(index);
		const signature = getSignature(receiver.callbackToken, timestamp, nonce, encrypted);
		return {
			query: `msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
			body: `<xml><ToUserName><![CDATA[${receiver.corpId}]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt><AgentID><![CDATA[0]]></AgentID></xml>`,
		};
	});
	return { requests, contentType: 'text/xml' };
}
