/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { request } from 'node:http';

import { maskedQuery, startSimulator, type Fault, type Simulator } from './index';
import { call, corpToken, post, postFile, SAMPLES } from './testClient';

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator();
	token = await corpToken(simulator);
});
afterEach(async () => await simulator.close());

const ips = async () =>
	await call(`${simulator.url}/cgi-bin/get_api_domain_ip?access_token=${token}`);
const plan = (fault: Fault) => simulator.faults.next({ path: 'get_api_domain_ip', ...fault });
const sendText = async () =>
	await post(simulator.demo.robot.webhookUrl, { msgtype: 'text', text: { content: 'x' } });

describe('a planned fault', () => {
	it('bends only the calls it was planned for', async () => {
		plan({ errcode: -1, times: 2 });
		const codes = [];
		for (let count = 0; count < 3; count += 1) codes.push((await ips()).json().errcode);
		expect(codes).toEqual([-1, -1, 0]);
		expect(simulator.faults.pending).toBe(0);
	});

	it('can let calls pass first', async () => {
		plan({ errcode: -1, skip: 1 });
		expect((await ips()).json()).toMatchObject({ errcode: 0 });
		expect((await ips()).json()).toMatchObject({ errcode: -1 });
	});

	it('leaves other endpoints alone', async () => {
		plan({ errcode: -1 });
		expect((await sendText()).json()).toMatchObject({ errcode: 0 });
		expect(simulator.faults.pending).toBe(1);
		simulator.faults.clear();
		expect((await ips()).json()).toMatchObject({ errcode: 0 });
	});

	it.each([
		['a full path', { path: '/cgi-bin/get_api_domain_ip' }],
		['a pattern', { path: /ip$/ }],
		['any path', { path: undefined }],
		['a look at the call', { when: (seen) => seen.query.access_token === token }],
	] as Array<[string, Fault]>)('matches by %s', async (_what, fault) => {
		plan({ ...fault, errcode: 6000 });
		expect((await ips()).json()).toMatchObject({ errcode: 6000 });
	});

	it.each([
		['another method', { method: 'POST' }],
		['a look that says no', { when: () => false }],
	] as Array<[string, Fault]>)('does not match %s', async (_what, fault) => {
		plan({ ...fault, errcode: 6000 });
		expect((await ips()).json()).toMatchObject({ errcode: 0 });
	});

	it('answers an errcode with its headers and text', async () => {
		plan({ errcode: 45009, errmsg: 'made-up text', headers: { 'Retry-After': '7' } });
		const answer = await ips();
		expect(answer.headers).toMatchObject({ 'error-code': '45009', 'retry-after': '7' });
		expect(answer.json().errmsg).toMatch(/^made-up text, hint: /);
	});

	it('answers a status, and a garbage body', async () => {
		plan({ status: 502 });
		expect((await ips()).status).toBe(502);
		plan({ body: '<html>' });
		const answer = await ips();
		expect([answer.status, answer.bytes.toString()]).toEqual([200, '<html>']);
	});

	it('keeps an errcode from having an effect, unless told otherwise', async () => {
		simulator.faults.next({ path: 'webhook/send', errcode: -1 });
		await sendText();
		expect(simulator.state.messages).toHaveLength(0);
		simulator.faults.next({ path: 'webhook/send', status: 504, afterEffect: true });
		expect((await sendText()).status).toBe(504);
		expect(simulator.state.messages).toHaveLength(1);
	});

	it('expires and revokes the token of the call it meets', async () => {
		plan({ token: 'expire' });
		expect((await ips()).json()).toMatchObject({ errcode: 42001 });
		expect((await ips()).json()).toMatchObject({ errcode: 42001 });
		token = await corpToken(simulator);
		plan({ token: 'revoke' });
		expect((await ips()).json()).toMatchObject({ errcode: 40014 });
	});

	it('cuts the connection before the answer, after the effect', async () => {
		simulator.faults.next({ path: 'webhook/send', cut: 'beforeAnswer' });
		await expect(sendText()).rejects.toThrow('socket hang up');
		expect(simulator.state.messages).toHaveLength(1);
		expect(simulator.record.last('webhook/send')?.ending).toBe('cut before the answer');
	});

	it('cuts the connection on arrival, before the effect', async () => {
		simulator.faults.next({ path: 'webhook/send', cut: 'onArrival' });
		await expect(sendText()).rejects.toThrow();
		expect(simulator.state.messages).toHaveLength(0);
	});

	it.each([0, 1, 300_000])('cuts the connection after %i bytes of the body', async (bytes) => {
		const mediaId = simulator.state.addMedia({ bytes: Buffer.alloc(400_000, 5) });
		simulator.faults.next({ path: 'media/get', cutAfterBytes: bytes });
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		const answer = await call(url);
		expect(answer.headers['content-length']).toBe('400000');
		expect([answer.bytes.length, answer.broken]).toEqual([bytes, 'aborted']);
		expect((await call(url)).bytes.length).toBe(400_000);
	});

	it('stalls after some bytes until the client gives up', async () => {
		const mediaId = simulator.state.addMedia({ bytes: SAMPLES.text });
		simulator.faults.next({ path: 'media/get', stallAfterBytes: 3 });
		const url = `${simulator.url}/cgi-bin/media/get?access_token=${token}&media_id=${mediaId}`;
		const received = await new Promise<number>((resolve) => {
			const outgoing = request(url, (response) => {
				response.on('error', () => {});
				response.once('data', (chunk: Buffer) => {
					resolve(chunk.length);
					outgoing.destroy();
				});
			});
			outgoing.on('error', () => {});
			outgoing.end();
		});
		expect(received).toBe(3);
	});

	it('never answers when told to stall; closing the simulator ends that too', async () => {
		plan({ stall: true });
		const waiting = ips().catch((error: Error) => error.message);
		while (simulator.record.last('get_api_domain_ip')?.reply === undefined) await sendText();
		await simulator.close();
		expect(await waiting).toBe('socket hang up');
	});

	it('delays with the injected sleep', async () => {
		const slept: number[] = [];
		const slow = await startSimulator({
			latencyMs: 5,
			sleep: async (milliseconds) => {
				slept.push(milliseconds);
				await Promise.resolve();
			},
		});
		slow.faults.next({ path: 'get_api_domain_ip', delayMs: 60_000 });
		await call(`${slow.url}/cgi-bin/get_api_domain_ip`);
		await call(`${slow.url}/cgi-bin/get_api_domain_ip`);
		await slow.close();
		expect(slept).toEqual([60_005, 5]);
	});
});

describe('the simulator', () => {
	it('survives a client that leaves in the middle of its upload', async () => {
		const url = `${simulator.url}/cgi-bin/media/upload?access_token=${token}&type=file`;
		const headers = {
			'Content-Type': 'multipart/form-data; boundary=b',
			'Content-Length': '1000',
		};
		const outgoing = request(url, { method: 'POST', headers });
		outgoing.on('error', () => {});
		outgoing.write('--b\r\nContent-Disposition: form-data; name="media"; filename="a"\r\n\r\nabc');
		while (simulator.record.count('media/upload') === 0) await ips();
		outgoing.destroy();
		while (simulator.record.last('media/upload')?.open) await ips();
		expect(simulator.record.last('media/upload')?.ending).toBe('the client went away');
		expect((await ips()).json()).toMatchObject({ errcode: 0 });
	});

	it('answers 500 with the reason when a handler throws', async () => {
		simulator.state.tokens.find = () => {
			throw new Error('made-up mishap');
		};
		const answer = await ips();
		expect(answer.status).toBe(500);
		expect(answer.bytes.toString()).toContain('made-up mishap');
	});

	it('can live below a path prefix, and only there', async () => {
		const behind = await startSimulator({ pathPrefix: '/proxy/wecom/' });
		expect(behind.url).toMatch(/\/proxy\/wecom$/);
		expect(await corpToken(behind)).toEqual(expect.any(String));
		expect(behind.record.count('gettoken')).toBe(1);
		const outside = new URL('/cgi-bin/gettoken', behind.url).href;
		expect((await call(outside)).status).toBe(404);
		await behind.close();
	});

	it('forgets the oldest files beyond its limit', async () => {
		const small = await startSimulator({ mediaStoreBytes: 100 });
		const ids = [60, 30, 30].map((size) => small.state.addMedia({ bytes: Buffer.alloc(size) }));
		await small.close();
		expect(ids.map((id) => small.state.media.get(id)?.bytes.length)).toEqual([undefined, 30, 30]);
	});
});

describe('the record', () => {
	it('counts calls per endpoint and keeps queries, which pages see masked', async () => {
		await ips();
		await ips();
		expect(simulator.record.count('/cgi-bin/get_api_domain_ip')).toBe(2);
		expect(simulator.record.counters()).toEqual({ gettoken: 1, get_api_domain_ip: 2 });
		const [first] = simulator.record.calls('gettoken');
		expect(first.query).toEqual({
			corpid: simulator.demo.corp.corpId,
			corpsecret: simulator.demo.corp.corpSecret,
		});
		expect(maskedQuery(first)).toEqual({ corpid: 'wwdemocorp', corpsecret: 'mad…pp' });
	});

	it('tells how many calls were under way at once', async () => {
		const url = `${simulator.url}/cgi-bin/media/upload?access_token=${token}&type=file`;
		let release: () => void = () => {};
		const hold = new Promise<void>((resolve) => (release = resolve));
		simulator.faults.next({ path: 'media/upload', times: 3, hold });
		const uploads = [1, 2, 3].map(async () => await postFile(url, SAMPLES.text));
		while (simulator.record.count('media/upload') < 3) await ips();
		release();
		await Promise.all(uploads);
		await postFile(url, SAMPLES.text);
		expect(simulator.record.mostAtOnce('media/upload')).toBe(3);
	});

	it('keeps the answer that was given', async () => {
		simulator.state.expireTokens();
		await ips();
		expect(simulator.record.last('get_api_domain_ip')?.reply).toMatchObject({
			status: 200,
			errcode: 42001,
		});
	});
});
