import type { ServedWebhook } from '../../helpers/webhook';
import { eventXml } from '../../simulator';
import { itemsOf, JOB_FINISH, quiet, setupTrigger } from './scene';
import { envelope, post, queryText, seal, signed, type Answer, type Query } from './sealing';

const scene = setupTrigger();
const MB = 1024 * 1024;

let webhook: ServedWebhook;
let sealed: string;
let query: Query;
beforeEach(async () => {
	webhook = await scene.serve({ parameters: { fetchResult: false } });
	const { corp } = scene.simulator.demo;
	sealed = seal(corp, eventXml({ MsgType: 'event', Event: JOB_FINISH, JobId: 'jobid_body' }));
	query = signed(corp, sealed);
});

async function expectRefused(answer: Answer, status: number, text: string): Promise<void> {
	expect(answer).toMatchObject({ status, text });
	await quiet();
	expect(webhook.executions).toEqual([]);
	const { jobId } = await scene.finishJob();
	expect(await itemsOf(webhook)).toMatchObject([{ jobid: jobId }]);
}

const send = async (body: string | Buffer, type?: string) =>
	await post(webhook.url, queryText(query), body, type);

describe('a body is refused without long thought:', () => {
	const entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>';
	const BODIES: Array<[string, () => string | Buffer]> = [
		['empty', () => ''],
		['a word', () => 'Encrypt'],
		['XML that ends in the middle', () => envelope(sealed).slice(0, 80)],
		['without Encrypt', () => '<xml><ToUserName>wwdemocorp</ToUserName></xml>'],
		['with an empty Encrypt', () => envelope('')],
		['with two Encrypts', () => envelope(`${sealed}]]></Encrypt><Encrypt><![CDATA[${sealed}`)],
		['with fields inside Encrypt', () => '<xml><Encrypt><a>1</a></Encrypt></xml>'],
		['with a document type and entities', () => `${entities}${envelope(sealed)}`],
		['with nested CDATA', () => `<xml><Encrypt><![CDATA[<![CDATA[${sealed}]]>]]></Encrypt></xml>`],
		['with another root', () => envelope(sealed).replace(/xml>/g, 'sms>')],
		['with two roots', () => envelope(sealed).repeat(2)],
		['20,000 levels deep', () => `<xml>${'<a>'.repeat(20_000)}`],
		['of JSON without encrypt', () => '{"tousername":"wwdemocorp"}'],
		['of broken JSON', () => `{"encrypt":"${sealed}"`],
		['of JSON with a list', () => JSON.stringify({ encrypt: [sealed] })],
		['of JSON, 10,000 levels deep', () => `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
		['of bytes that are no text', () => Buffer.alloc(1000, 0xff)],
		['not Base64: one character short', () => envelope(sealed.slice(0, -1))],
		['not Base64: a blank inside', () => envelope(`${sealed.slice(0, 40)} ${sealed.slice(40)}`)],
		['not Base64: other letters', () => envelope('密'.repeat(64))],
		['Base64 for URLs', () => envelope(`${'-_'.repeat(32)}`)],
	];
	test.each(BODIES)('%s', async (_what, body) => {
		await expectRefused(await send(body()), 400, 'bad request');
	});

	test.each<[string, () => string | Buffer, string?]>([
		['bytes, one more than 64 KB,', () => Buffer.alloc(65_537, 0x3c)],
		['levels', () => `<xml>${'<a>'.repeat(100_000)}`],
		['bytes', () => Buffer.alloc(10 * MB, 0x41)],
		['one long Encrypt', () => envelope('QUFB'.repeat((10 * MB) / 4))],
		['blanks before the message', () => `${' '.repeat(10 * MB)}${envelope(sealed)}`],
		['open brackets', () => '<'.repeat(10 * MB)],
		['JSON', () => JSON.stringify({ encrypt: 'A'.repeat(10 * MB) }), 'application/json'],
		['plain text', () => 'x'.repeat(10 * MB), 'text/plain'],
	])('10 MB of %s', async (_what, body, type = undefined) => {
		await expectRefused(await send(body(), type), 413, 'body too large');
	});

	test('malformed XML already by n8n itself', async () => {
		const answer = await send('<xml><Encrypt>1</xml>', 'text/xml');
		expect(answer.status).toBe(422);
		expect(answer.text).not.toMatch(/\bat .*:\d+|node_modules/);
	});
});

describe('a query is refused:', () => {
	test.each(['msg_signature', 'timestamp', 'nonce'])(
		'without %s, or with it empty',
		async (name) => {
			const others = Object.entries(query).filter(([key]) => key !== name);
			for (const given of [others, [...others, [name, '']]]) {
				const text = queryText(Object.fromEntries(given) as Query);
				const answer = await post(webhook.url, text, envelope(sealed));
				expect(answer).toMatchObject({ status: 400, text: 'bad request' });
			}
			await quiet();
			expect(webhook.executions).toEqual([]);
		},
	);

	test('of more than 2 KB, before the credential is read', async () => {
		const unset = await scene.serve({ credential: { callbackToken: '' }, unsaved: true });
		const text = queryText(query);
		const answers = await Promise.all(
			[text, `${text}&a=${'x'.repeat(2_048)}`].map(
				async (given) => await post(unset.url, given, envelope(sealed)),
			),
		);
		expect(answers).toMatchObject([{ status: 503 }, { status: 400, text: 'bad request' }]);
	});

	test.each(['msg_signature', 'timestamp', 'nonce'])('with %s twice', async (name) => {
		const twice = `${queryText(query)}&${name}=${encodeURIComponent(query[name])}`;
		const answer = await post(webhook.url, twice, envelope(sealed));
		await expectRefused(answer, 400, 'bad request');
	});

	test.each<[string, string]>([
		['empty', ''],
		['broken percent codes', 'msg_signature=%E5%9&timestamp=%&nonce=1'],
		['lists and objects', 'msg_signature[]=a&timestamp[a]=1&nonce=1'],
		['prototype names', '__proto__=a&constructor=b&hasOwnProperty=c'],
		[
			'a nonce of 5,000 characters',
			`msg_signature=a&timestamp=1700000001&nonce=${'n'.repeat(5000)}`,
		],
		['1,500 parameters', Array.from({ length: 1500 }, (_, n) => `a${n}=1`).join('&')],
		['the same parameter 7,500 times', 'a&'.repeat(7500)],
	])('with %s', async (_what, text) => {
		await expectRefused(await post(webhook.url, text, envelope(sealed)), 400, 'bad request');
	});
});
