import { logLines, logText } from '../../helpers/engine';
import type { ServedWebhook } from '../../helpers/webhook';
import { eventXml } from '../../simulator';
import { itemsOf, JOB_FINISH, quiet, setupTrigger } from './scene';
import {
	contentOf,
	envelope,
	post,
	queryText,
	seal,
	sealBytes,
	secondsAgo,
	signed,
	type Answer,
	type Sender,
} from './sealing';

const scene = setupTrigger();

/** The only texts a sender who is not WeCom gets to see. */
const REFUSALS = {
	400: 'bad request',
	401: 'request is not fresh',
	403: 'forbidden',
	413: 'body too large',
} as const;
type Refusal = keyof typeof REFUSALS;

let webhook: ServedWebhook;
let sender: Sender;
beforeEach(async () => {
	webhook = await scene.serve({ parameters: { fetchResult: false } });
	sender = scene.simulator.demo.corp;
});

/** A request is refused quickly, with a short text, starts nothing, and the next genuine push is served. */
async function expectRefused(answer: Answer, status: Refusal): Promise<void> {
	expect(answer).toMatchObject({ status, text: REFUSALS[status] });
	expect(answer.type).toMatch(/^text\/plain/);
	await quiet();
	expect(webhook.executions).toEqual([]);
	expect(webhook.savedStaticData()).toEqual({});
	expect(logLines().filter(({ level }) => level.includes('error'))).toEqual([]);
	expect(logText()).toContain('request refused: ');
	const { jobId } = await scene.finishJob();
	expect(await itemsOf(webhook)).toMatchObject([{ jobid: jobId }]);
}

const job = (jobid = 'jobid_forged') =>
	eventXml({ MsgType: 'event', FromUserName: 'sys', Event: JOB_FINISH, JobId: jobid });

/** Posts a ciphertext that is signed as it should be. */
const pushSealed = async (sealed: string) =>
	await post(webhook.url, queryText(signed(sender, sealed)), envelope(sealed));

/** Posts a message that is sealed and signed as it should be. */
const pushMessage = async (message: string) => await pushSealed(seal(sender, message));

describe('a push that is not from WeCom is refused:', () => {
	test.each<[string, Partial<Sender>]>([
		['sealed with another key', { encodingAesKey: 'Another'.padEnd(43, 'A') }],
		['signed with another Token', { callbackToken: 'AnotherToken' }],
		['signed with a blank in the Token', { callbackToken: 'DemoCallbackToken ' }],
		['for another corp', { corpId: 'wwanothercorp' }],
		['for a corp whose id begins like ours', { corpId: 'wwdemocorp2' }],
		['for nobody', { corpId: '' }],
	])('%s', async (_what, change) => {
		const forger = { ...sender, ...change };
		const sealed = seal(forger, job());
		const query = queryText(signed(forger, sealed));
		await expectRefused(await post(webhook.url, query, envelope(sealed)), 403);
	});

	test.each<[string, (sealed: string) => string]>([
		['over nothing', () => ''],
		['over the body instead of Encrypt', (sealed) => envelope(sealed)],
		['over another ciphertext', () => seal(sender, job('jobid_another'))],
		['over part of the ciphertext', (sealed) => sealed.slice(0, -4)],
	])('with a signature %s', async (_what, over) => {
		const sealed = seal(sender, job());
		const query = queryText(signed(sender, over(sealed)));
		await expectRefused(await post(webhook.url, query, envelope(sealed)), 403);
	});

	test.each<[string, (signature: string) => string]>([
		['in upper case', (signature) => signature.toUpperCase()],
		['cut by one digit', (signature) => signature.slice(1)],
		['of zeros', () => '0'.repeat(40)],
		['with letters beyond ASCII', () => '签'.repeat(40)],
	])('with a signature %s', async (_what, change) => {
		const sealed = seal(sender, job());
		const query = signed(sender, sealed);
		const forged = queryText({ ...query, msg_signature: change(query.msg_signature) });
		await expectRefused(await post(webhook.url, forged, envelope(sealed)), 403);
	});

	test('with the time of now under the signature of an old push', async () => {
		const sealed = seal(sender, job());
		const query = { ...signed(sender, sealed, secondsAgo(4000)), timestamp: secondsAgo(0) };
		await expectRefused(await post(webhook.url, queryText(query), envelope(sealed)), 403);
	});

	test('with a timestamp of 2015', async () => {
		const sealed = seal(sender, job());
		const query = queryText(signed(sender, sealed, '1425284517'));
		await expectRefused(await post(webhook.url, query, envelope(sealed)), 401);
	});

	test.each(['', 'now', '-1', '1e9', '17000000011', ' 1700000001', '0x6553f101'])(
		'with the timestamp %j',
		async (timestamp) => {
			const sealed = seal(sender, job());
			const query = queryText(signed(sender, sealed, timestamp));
			await expectRefused(await post(webhook.url, query, envelope(sealed)), 400);
		},
	);
});

describe('a ciphertext that was tampered with is refused, however it is signed:', () => {
	const bytes = (sealed: string, change: (cipher: Buffer) => Buffer) =>
		change(Buffer.from(sealed, 'base64')).toString('base64');
	const CHANGES: Array<[string, (cipher: Buffer) => Buffer]> = [
		['cut by a byte', (cipher) => cipher.subarray(0, -1)],
		['cut by an AES block', (cipher) => cipher.subarray(0, -16)],
		['cut by a block of 32', (cipher) => cipher.subarray(0, -32)],
		['without its first block', (cipher) => cipher.subarray(32)],
		['extended by a byte', (cipher) => Buffer.concat([cipher, Buffer.alloc(1)])],
		['extended by an AES block', (cipher) => Buffer.concat([cipher, Buffer.alloc(16)])],
		['extended by a block of 32', (cipher) => Buffer.concat([cipher, Buffer.alloc(32)])],
		['extended by itself', (cipher) => Buffer.concat([cipher, cipher])],
		[
			're-blocked',
			(cipher) =>
				Buffer.concat([cipher.subarray(32, 64), cipher.subarray(0, 32), cipher.subarray(64)]),
		],
		['of one block', (cipher) => cipher.subarray(0, 16)],
		['of zeros', (cipher) => Buffer.alloc(cipher.length)],
	];
	test.each(CHANGES)('%s', async (_what, change) => {
		await expectRefused(await pushSealed(bytes(seal(sender, job()), change)), 403);
	});

	/** Pads to blocks of 32 with bytes that a test chooses. */
	const padded = (content: Buffer, padding: (missing: number) => Buffer) =>
		Buffer.concat([content, padding(32 - (content.length % 32))]);
	const PADDINGS: Array<[string, (missing: number) => Buffer]> = [
		['0', (missing) => Buffer.alloc(missing, 0)],
		['33', (missing) => Buffer.alloc(missing, 33)],
		['255', (missing) => Buffer.alloc(missing, 255)],
		['one less than there is', (missing) => Buffer.alloc(missing, missing - 1)],
		[
			'uneven',
			(missing) => Buffer.concat([Buffer.from([missing - 1]), Buffer.alloc(missing - 1, missing)]),
		],
	];
	test.each(PADDINGS)('padding %s', async (_what, padding) => {
		// So long that several bytes of padding are missing.
		const content = contentOf(sender, job('jobid_forged_xx'));
		expect(32 - (content.length % 32)).toBeGreaterThan(2);
		await expectRefused(await pushSealed(sealBytes(sender, padded(content, padding))), 403);
	});

	const standard = (missing: number) => Buffer.alloc(missing, missing);
	test.each([0xffff_ffff, 0x7fff_ffff, 100_000, 0])('a length field of %i', async (length) => {
		const content = padded(contentOf(sender, job(), length), standard);
		await expectRefused(await pushSealed(sealBytes(sender, content)), 403);
	});

	test('shorter than its own frame', async () => {
		await expectRefused(
			await pushSealed(sealBytes(sender, padded(Buffer.alloc(3), standard))),
			403,
		);
	});
});

describe('a message that was sealed rightly but cannot be read is acknowledged, so that it is not lost:', () => {
	const bomb = `<!DOCTYPE xml [<!ENTITY a "${'x'.repeat(100)}">${Array.from(
		{ length: 9 },
		(_, n) => `<!ENTITY b${n} "${`&${n ? `b${n - 1}` : 'a'};`.repeat(10)}">`,
	).join('')}]>`;
	const MESSAGES: Array<[string, string, string]> = [
		['an entity bomb', `${bomb}<xml><Event>&b8;</Event></xml>`, 'declaration'],
		[
			'an external entity',
			'<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml>&f;</xml>',
			'declaration',
		],
		['nested CDATA', '<xml><Event><![CDATA[a<![CDATA[b]]>c]]></Event></xml>', 'bad-text'],
		['a CDATA section left open', '<xml><Event><![CDATA[a</Event></xml>', 'not-closed'],
		['10,000 levels', '<a>'.repeat(10_000), 'too-deep'],
		['10,000 elements', `<xml>${'<a/>'.repeat(10_000)}</xml>`, 'too-many-elements'],
		['half a document', job().slice(0, 60), 'declaration'],
		['a word', 'hello', 'outside-root'],
		['nothing', '', 'no-root'],
	];
	const unreadable = (raw: string, problem: string) => ({
		raw,
		error: `The message could not be read (${problem})`,
	});

	test.each(MESSAGES)('%s starts the workflow with its text', async (_what, message, problem) => {
		const all = await scene.serve({ parameters: { events: ['*'] } });
		const sealed = seal(sender, message);
		const answer = await post(all.url, queryText(signed(sender, sealed)), envelope(sealed));
		expect(answer).toMatchObject({ status: 200, text: 'success' });
		const [item] = await itemsOf(all);
		expect(item).toMatchObject(unreadable(message, problem));
	});

	test('where nobody asked for it, nothing is started', async () => {
		expect(await pushMessage('hello')).toMatchObject({ status: 200, text: 'success' });
		const { jobId } = await scene.finishJob();
		expect(await itemsOf(webhook)).toMatchObject([{ jobid: jobId }]);
	});

	test('the end of a job starts the workflow that waits for it', async () => {
		const odd = job().replace('</xml>', '<!-- WeCom writes no comments --></xml>');
		expect(await pushMessage(odd)).toMatchObject({ status: 200 });
		const [item] = await itemsOf(webhook);
		expect(item).toMatchObject({ event: JOB_FINISH, ...unreadable(odd, 'declaration') });
	});
});

test('a genuine message that is older than the accepted age is acknowledged and starts nothing', async () => {
	const old = eventXml({
		MsgType: 'event',
		Event: JOB_FINISH,
		JobId: 'jobid_recorded',
		CreateTime: Number(secondsAgo(700)),
	});
	expect(await pushMessage(old)).toMatchObject({ status: 200, text: 'success' });
	expect(logText()).toMatch(/acknowledged and ignored, it is 70\d s old/);
	const { jobId } = await scene.finishJob();
	expect(await itemsOf(webhook)).toMatchObject([{ jobid: jobId }]);
});

test.each([
	['another 36 characters', 'x'.repeat(36)],
	['HTML', '<html><body>made up</body></html>'],
])('the refusals say nothing of what was sent (%s)', async (_what, content) => {
	const answer = await post(webhook.url, queryText({ msg_signature: content }), content);
	await expectRefused(answer, 400);
	expect(answer.text).not.toContain(content);
	expect(answer.text.length).toBeLessThan(40);
});
