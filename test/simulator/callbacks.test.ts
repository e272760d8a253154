import { decrypt, getSignature } from '@wecom/crypto';

import { startLinkHost, startSimulator, type LinkHost, type Simulator } from './index';
import { jobCalls } from './jobCalls';
import { corpToken, SAMPLES } from './testClient';
import { startReceiver, type Receiver } from './testReceiver';

let simulator: Simulator;
let links: LinkHost;
let receiver: Receiver;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator({
		now: () => 1_750_000_000_000,
		sleep: async () => await Promise.resolve(),
	});
	links = await startLinkHost({ files: { 'film.mp4': SAMPLES.mp4 } });
	receiver = await startReceiver(simulator.demo.corp);
	token = await corpToken(simulator);
});
afterEach(async () => {
	await simulator.close();
	await links.close();
	await receiver.close();
});

const { submit, result, finished } = jobCalls(() => ({ simulator, links, token }));

describe('the finish event', () => {
	beforeEach(async () => {
		expect(await simulator.verifyCallbackUrl(receiver.url)).toMatchObject({ ok: true });
	});

	it('arrives encrypted and signed, for success and failure, without a result', async () => {
		const { jobid } = await submit();
		await simulator.jobs.settled();
		await finished({ md5: 'wrong' });
		expect(receiver.pushes).toHaveLength(2);
		const [{ query, body, message, id }] = receiver.pushes;
		const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
		const { callbackToken, corpId, agentId } = simulator.demo.corp;
		expect(query.msg_signature).toBe(
			getSignature(callbackToken, query.timestamp, query.nonce, encrypted),
		);
		expect(body).toContain(`<AgentID><![CDATA[${agentId}]]></AgentID>`);
		expect(id).toBe(corpId);
		expect(message).toMatch(
			new RegExp(
				'^<xml><ToUserName><!\\[CDATA\\[wwdemocorp\\]\\]></ToUserName><FromUserName><!\\[CDATA\\[sys\\]\\]></FromUserName>' +
					'<CreateTime>\\d+</CreateTime><MsgType><!\\[CDATA\\[event\\]\\]></MsgType>' +
					`<Event><!\\[CDATA\\[upload_media_job_finish\\]\\]></Event><JobId><!\\[CDATA\\[${String(jobid)}\\]\\]></JobId></xml>$`,
			),
		);
	});

	it('comes after the result can be asked for', async () => {
		let status: unknown;
		receiver.onPush = async (push) => {
			const jobid = /<JobId><!\[CDATA\[(.*?)\]\]>/.exec(push.message)?.[1];
			status = (await result(jobid)).status;
			return 200;
		};
		await finished();
		expect(status).toBe(2);
	});

	it('can be off, repeated, and sent twice at once', async () => {
		simulator.jobs.next({ callbackTimes: 0 });
		await finished();
		expect(receiver.pushes).toHaveLength(0);
		simulator.jobs.next({ callbackTimes: 3 });
		await finished();
		expect(receiver.pushes).toHaveLength(3);
		let most = 0;
		let open = 0;
		let bothHere: () => void = () => {};
		const together = new Promise<void>((resolve) => (bothHere = resolve));
		receiver.onPush = async () => {
			most = Math.max(most, ++open);
			if (open === 2) bothHere();
			await together;
			open -= 1;
			return 200;
		};
		simulator.jobs.next({ callbackTimes: 2, callbacksAtOnce: true });
		await finished();
		expect(most).toBe(2);
	});

	it('is repeated up to three times until it is answered with 200', async () => {
		const answers = [500, 'cut', 404, 200] as const;
		receiver.onPush = () => answers[receiver.pushes.length - 1];
		await finished();
		const [sent] = simulator.callbacks.sent;
		expect(sent).toMatchObject({ delivered: true });
		expect(sent.attempts.map(({ status }) => status)).toEqual([500, undefined, 404, 200]);
		expect(new Set(receiver.pushes.map(({ body }) => body)).size).toBe(1);

		receiver.pushes.length = 0;
		receiver.onPush = () => 503;
		await finished();
		expect(receiver.pushes).toHaveLength(4);
		expect(simulator.callbacks.sent[1]).toMatchObject({ delivered: false });
	});

	it('is not repeated after a status when only lost connections count', async () => {
		simulator.state.strict.callbackRepeatsOnStatus = false;
		receiver.onPush = () => 500;
		await finished();
		expect(receiver.pushes).toHaveLength(1);
	});

	it('counts as lost when the answer takes too long', async () => {
		simulator.callbacks.timeoutMs = 20;
		simulator.callbacks.repeats = 0;
		receiver.onPush = async () => await new Promise<never>(() => {});
		await finished();
		expect(simulator.callbacks.sent[0].attempts[0]).toHaveProperty('error');
	});

	it('reaches a third-party app with the authorized corp as receiver', async () => {
		const { suite } = simulator.demo;
		const own = await startReceiver(suite);
		const app = simulator.state.apps.find(({ suiteId }) => suiteId === suite.suiteId)!;
		expect(await simulator.verifyCallbackUrl(own.url, app)).toMatchObject({ ok: true });
		await simulator.pushEvent({ Event: 'x' }, { target: app });
		await simulator.pushEvent({ InfoType: 'suite_ticket' }, { target: simulator.targets.suite });
		await own.close();
		expect(own.pushes.map(({ id }) => id)).toEqual([suite.authCorpId, suite.suiteId]);
	});
});

describe('the verification of a callback URL', () => {
	it('asks with the right receiver for an app and for a suite', async () => {
		await simulator.verifyCallbackUrl(receiver.url);
		expect(receiver.verifications.map(({ id }) => id)).toEqual(['wwdemocorp']);
		const own = await startReceiver(simulator.demo.suite);
		await simulator.verifyCallbackUrl(own.url, simulator.targets.suite);
		await own.close();
		expect(own.verifications.map(({ id }) => id)).toEqual(['wwprovidercorp']);
	});

	it.each([
		['a quoted echo', (echo: string) => `"${echo}"`, 'the echo is not the bare text'],
		['a newline', (echo: string) => `${echo}\n`, 'the echo is not the bare text'],
		['another status', () => 403, 'HTTP status 403'],
	])('fails with %s and keeps the URL out', async (_what, answer, reason) => {
		receiver.onVerification = answer;
		expect(await simulator.verifyCallbackUrl(receiver.url)).toMatchObject({ ok: false, reason });
		expect(simulator.targets.app.callback?.url).toBeUndefined();
	});

	it('fails without an answer', async () => {
		const { url } = receiver;
		await receiver.close();
		expect(await simulator.verifyCallbackUrl(url)).toMatchObject({
			ok: false,
			reason: expect.any(String) as string,
		});
	});
});

describe('a bent push', () => {
	it.each([
		['signature', { signature: 'nonsense' }],
		['timestamp', { timestamp: 1 }],
		['nonce', { nonce: '42' }],
	])('carries another %s', async (name, options) => {
		await simulator.verifyCallbackUrl(receiver.url);
		await simulator.pushEvent({ Event: 'x' }, options);
		const field = name === 'signature' ? 'msg_signature' : name;
		expect(receiver.pushes[0].query[field]).toBe(String(Object.values(options)[0]));
	});

	it('can be meant for another receiver, come as JSON and lack its AgentID', () => {
		const { callbacks, targets, demo } = simulator;
		const options = { receiveId: 'wwsomebodyelse', format: 'json', withoutAgentId: true } as const;
		const { body } = callbacks.envelope(targets.app, 'hello', options);
		const { encrypt, ...rest } = JSON.parse(body) as { encrypt: string };
		expect(rest).toEqual({ tousername: demo.corp.corpId });
		expect(decrypt(demo.corp.encodingAesKey, encrypt)).toMatchObject({
			message: 'hello',
			id: 'wwsomebodyelse',
		});
	});

	it('needs a URL to go to', async () => {
		await expect(simulator.pushEvent({ Event: 'x' })).rejects.toThrow('no callback URL');
	});
});
