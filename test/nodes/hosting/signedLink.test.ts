import {
	linkKey,
	openSignedLink,
	signLink,
	type HostedFile,
} from '../../../nodes/WeComMedia/wecom/calls/signedLink';
import { thirdPartyApp } from '../../../nodes/WeComMedia/wecom/accounts/thirdPartyApp';
import type { SuiteSettings } from '../../../nodes/WeComMedia/wecom/accounts/accountSettings';
import { testWorld } from '../../wecom/testWorld';
import { MAX_URL_BYTES } from '../../../nodes/WeComMedia/wecom/calls/link';
import { leaks } from '../../helpers/leaks';

const secrets = ['made-up-secret-of-the-report-app'];
const key = linkKey({ secrets });
const suite: SuiteSettings = {
	baseUrl: 'https://wecom.example',
	suiteId: 'wwsuite',
	suiteSecret: 'made-up suite secret',
	suiteTicket: 'made-up ticket',
	authCorpId: 'wwcorp',
	permanentCode: 'made-up code',
};
const NOW = 1_800_000_000;
const id = 'binary_data/00000000-0000-4000-8000-000000000001';
const file: HostedFile = {
	ids: [`filesystem-v2:workflows/aBcDeFgHiJkLmNoP/executions/1234567/${id}`],
	fileName: '培训视频.mp4',
	mimeType: 'video/mp4',
	size: 188_743_680,
	md5: '0123456789abcdef'.repeat(2),
	expires: NOW + 7_200,
};
const hostUrl =
	'https://n8n.a-rather-long-company-name.example.com.cn/automation/webhook/00000000-0000-4000-8000-000000000001/wecom-media';
const queryOf = (url: string) => url.slice(url.indexOf('?') + 1);
const query = queryOf(signLink(hostUrl, file, key));
const open = (text: string, at = NOW) => openSignedLink(text, key, at * 1000);

test('a link gives back exactly the file it was made for', () => {
	expect(open(query)).toEqual(file);
});

test('every single letter of both parts counts', () => {
	const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
	const places = [...query.matchAll(/[\w-]/g)].map(({ index }) => index);
	expect(places.length).toBeGreaterThan(300);
	for (const at of places) {
		const next = letters[(letters.indexOf(query[at]) + 1) % letters.length];
		const bent = query.slice(0, at) + next + query.slice(at + 1);
		expect([at, open(bent)]).toEqual([at, undefined]);
	}
});

test('the last letter of the signature counts with the bits that Base64 does not use', () => {
	const last = query.length - 1;
	for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
		if (letter !== query[last]) expect(open(query.slice(0, last) + letter)).toBeUndefined();
	}
});

test('the order of the parts does not count, nor does what others add', () => {
	const [token, signature] = query.split('&');
	expect(open(`${signature}&${token}&utm_source=x`)).toEqual(file);
});

test('it ends at its second', () => {
	expect(open(query, file.expires - 1)).toEqual(file);
	expect(open(query, file.expires)).toBeUndefined();
});

describe('the key', () => {
	test('opens only links of its own account', () => {
		const other = linkKey({ secrets: ['made-up-secret-of-another-app'] });
		expect(openSignedLink(query, other, NOW * 1000)).toBeUndefined();
	});

	test('tells lists of secrets apart that read the same', () => {
		const keys = [['ab', 'c'], ['a', 'bc'], ['abc'], ['c', 'ab']].map((list) =>
			linkKey({ secrets: list }).toString('hex'),
		);
		expect(new Set(keys).size).toBe(4);
	});

	test('of a third-party app outlives its ticket, which changes every ten minutes', () => {
		const keyWith = (changes: Partial<SuiteSettings>) =>
			linkKey(thirdPartyApp({ ...suite, ...changes }, testWorld())).toString('hex');
		expect(keyWith({ suiteTicket: 'the next ticket' })).toBe(keyWith({}));
		expect(keyWith({ permanentCode: 'another code' })).not.toBe(keyWith({}));
		expect(keyWith({ suiteSecret: 'another secret' })).not.toBe(keyWith({}));
	});

	test('stands on the lasting secrets alone, where the account has others', () => {
		const keys = ['first', 'second'].map((ticket) =>
			linkKey({ secrets: ['lasting', ticket], lastingSecrets: ['lasting'] }).toString('hex'),
		);
		expect(keys[0]).toBe(keys[1]);
		expect(keys[0]).not.toBe(
			linkKey({ secrets: ['another'], lastingSecrets: ['another'] }).toString('hex'),
		);
	});

	test('is none of the secrets, and none of them can be read in a link', () => {
		const said = Buffer.from(new URLSearchParams(query).get('file')!, 'base64url').toString();
		const signature = Buffer.from(new URLSearchParams(query).get('signature')!, 'base64url');
		const places = [query, said, signature.toString('latin1'), key.toString('latin1')];
		expect(leaks([...secrets, key.toString('hex')], ...places, signature.toString('hex'))).toEqual(
			[],
		);
		expect(said).not.toContain(key.toString('base64url'));
	});
});

describe('the length WeCom takes', () => {
	// 41 Chinese letters and an extension: the longest name a job takes.
	const fileName = `${'汉'.repeat(41)}.pptx`;
	const mimeType = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

	test('is kept with a name of 128 bytes, a long type and a long address', () => {
		expect(Buffer.byteLength(fileName)).toBe(128);
		expect(Buffer.byteLength(hostUrl)).toBeGreaterThan(110);
		const url = signLink(hostUrl, { ...file, fileName, mimeType }, key);
		expect(Buffer.byteLength(url)).toBeLessThanOrEqual(MAX_URL_BYTES);
		expect(open(queryOf(url))).toMatchObject({ fileName, mimeType });
	});

	test('and also for a file with two places', () => {
		const ids = [file.ids[0].replace('1234567', 'temp'), file.ids[0]];
		const url = signLink(hostUrl, { ...file, ids, fileName, mimeType }, key);
		expect(Buffer.byteLength(url)).toBeLessThanOrEqual(MAX_URL_BYTES);
	});
});
