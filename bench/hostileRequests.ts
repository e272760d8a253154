/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/**
 * What a stranger can make the trigger work before the signature is known to be wrong: processor time of one request in each
 * form, the worst of many. Run with `npx tsx bench/hostileRequests.ts`; the trigger promises at most 20 ms.
 */
import { openMessage, openVerification } from '../nodes/WeComMedia/wecom/callback/callback';
import { BOT_LIMITS } from '../nodes/WeComMedia/wecom/callback/envelope';
import type { CallbackSettings } from '../nodes/WeComMedia/wecom/callback/callbackSettings';
import { table } from '../scripts/lib/table';

const RUNS = 40;
const PROMISED_MS = 20;
const settings: CallbackSettings = {
	token: 'made-up',
	aesKey: Buffer.alloc(32),
	receiveIds: ['ww'],
};
const options = { now: Date.now(), limits: BOT_LIMITS };
const seconds = String(Math.floor(Date.now() / 1000));
const forged = `msg_signature=${'a'.repeat(40)}&timestamp=${seconds}&nonce=1`;

const KB = 1024;
const fill = (piece: string, size: number) => piece.repeat(Math.floor(size / piece.length));
const xml = (inner: string) => `<xml>${inner}<Encrypt>AAAA</Encrypt></xml>`;
const json = (inner: string) => `{${inner}"encrypt":"AAAA"}`;

const QUERIES: Record<string, string> = {
	'query of 15.5 KB, one parameter after another': fill('a&', 15_500),
	'query of 2 KB, one parameter after another': `${forged}&${fill('a&', 1900)}`,
	'query of 2 KB, the nonce again and again': `${forged}${fill('&nonce', 1900)}`,
	'query of 2 KB, percent codes': `${forged}&x=${fill('%E4%BD%A0', 1900)}`,
	'query of 2 KB, a long echostr': `${forged}&echostr=${'A'.repeat(1900)}`,
};
const BODIES: Record<string, string> = {
	'XML of 64 KB, elements': xml(fill('<a/>', 64_000)),
	'XML of 64 KB, levels': xml(fill('<a>', 64_000)),
	'XML of 64 KB, CDATA sections': xml(fill('<![CDATA[', 64_000)),
	'XML of 64 KB, Encrypts': `<xml>${fill('<Encrypt>', 64_000)}</xml>`,
	'XML of 64 KB, blanks': xml(' '.repeat(64_000)),
	'XML of 64 KB, a ciphertext': `<xml><Encrypt>${'A'.repeat(64_000)}</Encrypt></xml>`,
	'JSON of 1 MB, brackets': json(`"a":${fill('[', 1000 * KB)},`),
	'JSON of 1 MB, objects': json(fill('"a":{},', 1000 * KB)),
	'JSON of 1 MB, blanks': `{"encrypt"${' '.repeat(1000 * KB)}:"AAAA"}`,
	'JSON of 1 MB, escaped slashes': `{"encrypt":"${fill('\\/', 1000 * KB)}"}`,
	'JSON of 1 MB, a ciphertext': `{"encrypt":"${'A'.repeat(1000 * KB)}"}`,
	'JSON of 1 MB, no Base64': `{"encrypt":"${'A'.repeat(1000 * KB)}!!!!"}`,
	'10 MB of anything': '<'.repeat(10_000 * KB),
};

function worstMs(request: () => unknown): number {
	let worst = 0;
	for (let run = 0; run < RUNS; run += 1) {
		const start = process.cpuUsage();
		request();
		const { user, system } = process.cpuUsage(start);
		// The first ones pay for compiling.
		if (run >= 5) worst = Math.max(worst, (user + system) / 1000);
	}
	return worst;
}

const measured = [
	...Object.entries(QUERIES).map(
		([name, query]) => [name, () => openVerification(settings, query, options)] as const,
	),
	...Object.entries(BODIES).map(([name, text]) => {
		const body = Buffer.from(text);
		return [name, () => openMessage(settings, forged, body, options)] as const;
	}),
]
	.map(([name, request]) => ({ name, ms: worstMs(request) }))
	.sort((left, right) => right.ms - left.ms);

const report = table(
	['Request', 'worst of 35, ms of processor time'],
	measured.map(({ name, ms }) => [name, ms.toFixed(2)]),
);
process.stdout.write(`${report}\n`);
if (measured[0].ms > PROMISED_MS) process.exitCode = 1;
