/** Answers of gateways: every status, with and without WeCom having acted, and redirects. */
import type { Fault } from './fault';
import { bytesOf, type Answer } from './wire';
import { ELSEWHERE } from './proxy';

const CLIENT = [
	400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 417, 418, 421,
	422, 423, 425, 426, 428, 429, 431, 451, 499,
];
const SERVER = [
	500, 501, 502, 503, 504, 505, 507, 508, 509, 511, 520, 521, 522, 524, 525, 530, 599,
];
const ODD = [600, 700, 999];

const page = (status: number): Answer => ({
	status,
	headers: [['Content-Type', 'text/html; charset=utf-8']],
	body: Buffer.from(`<html><head><title>${status}</title></head><body>Gateway</body></html>`),
});

const send = (answer: Answer) => [{ send: bytesOf(answer) }, 'end' as const];

/** Those behind which the call may have been handled all the same. */
const AMBIGUOUS = [400, 408, 429, 499];

const groupOf = (status: number) => (status < 500 ? 'status 4xx' : 'status 5xx and beyond');
const meaningOf = (status: number) => (SERVER.includes(status) ? 'passing' : 'fatal');

const statuses: Fault[] = [
	...[...CLIENT, ...SERVER, ...ODD].map((status): Fault => ({
		group: groupOf(status),
		name: `${status} without WeCom having acted`,
		reaches: false,
		answer: () => send(page(status)),
		means: meaningOf(status),
	})),
	...[...AMBIGUOUS, ...SERVER, ...ODD].map((status): Fault => ({
		group: groupOf(status),
		name: `${status} after WeCom has acted`,
		answer: () => send(page(status)),
		means: meaningOf(status),
	})),
];

const empties: Fault[] = [200, 201, 202, 203, 204, 205, 206].flatMap((status): Fault[] => [
	{
		group: 'empty success',
		name: `${status} with nothing, WeCom has acted`,
		answer: () => send({ status, headers: [], body: Buffer.alloc(0) }),
		means: 'fatal',
	},
	{
		group: 'empty success',
		name: `${status} with a web page, WeCom has acted`,
		answer: () => send({ ...page(200), status }),
		means: 'fatal',
	},
]);

const LOCATIONS: Array<[string, (origin: string) => string | undefined]> = [
	['elsewhere', (origin) => `${origin}${ELSEWHERE}`],
	['a login page', () => '/login?next=/'],
	['a port where nobody listens', () => 'http://127.0.0.1:1/'],
	['no URL', () => 'http://%zz:'],
	['a script', () => 'javascript:alert(1)'],
	['nowhere', () => undefined],
];

const redirects: Fault[] = [300, 301, 302, 303, 304, 305, 307, 308].flatMap((status) =>
	LOCATIONS.slice(0, status === 302 ? undefined : 1).map(([where, locate]): Fault => ({
		group: 'redirects',
		name: `${status} to ${where}`,
		reaches: false,
		answer: (_real, { origin }) => {
			const location = locate(origin);
			const headers: Answer['headers'] = location === undefined ? [] : [['Location', location]];
			return send({ status, headers, body: Buffer.alloc(0) });
		},
		means: 'fatal',
	})),
);

const RETRY_AFTER = ['1', '99999999', '-1', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon'];

const later: Fault[] = [429, 503].flatMap((status) =>
	RETRY_AFTER.map((value): Fault => ({
		group: 'come again later',
		name: `${status} with Retry-After: ${value}`,
		reaches: false,
		answer: () => {
			const answer = page(status);
			return send({ ...answer, headers: [...answer.headers, ['Retry-After', value]] });
		},
	})),
);

export const statusFaults: Fault[] = [...statuses, ...empties, ...redirects, ...later];
