/** Connections that are refused, broken, silent or slow, at every point of a request and of its answer. */
import { isJson, type Fault } from './fault';
import { bytesOf, headOf, withHeaders, type Answer, type Step } from './wire';

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const percent = (share: number) => `${share * 100} %`;

const refused: Fault[] = [
	{ group: 'refused', name: 'connection refused', refused: true, means: 'passing' },
];

/** Before and while the request arrives, and when WeCom has got it but says nothing. */
const brokenRequests: Fault[] = (['reset', 'end', 'hang'] as const).flatMap((how) => [
	...QUARTERS.map((after): Fault => ({
		group: how === 'hang' ? 'silence' : 'broken request',
		name: `${how} after ${percent(after)} of the request`,
		request: { after, then: how },
		means: 'passing',
	})),
	{
		group: how === 'hang' ? 'silence' : 'broken answer',
		name: `${how} after WeCom has acted, before the first byte`,
		answer: () => [how],
		means: 'passing',
	} satisfies Fault,
]);

/** Places in an answer where it may break off, from its first line to its last byte. */
const PLACES: Array<[string, (head: number, body: number) => number]> = [
	['in the status line', () => 7],
	['in the headers', (head) => Math.floor(head / 2)],
	['before the empty line', (head) => head - 2],
	['after the headers', (head) => head],
	...QUARTERS.slice(1, 4).map((share): [string, (head: number, body: number) => number] => [
		`after ${percent(share)} of the body`,
		(head, body) => head + Math.floor(share * body),
	]),
	['before the last byte', (head, body) => head + body - 1],
];

const brokenAnswers: Fault[] = (['reset', 'end', 'hang'] as const).flatMap((how) =>
	PLACES.map(([place, at]): Fault => ({
		group: how === 'hang' ? 'silence' : 'broken answer',
		name: `${how} ${place}`,
		answer: (real) => {
			const bytes = bytesOf(real);
			return [
				{ send: bytes.subarray(0, at(bytes.length - real.body.length, real.body.length)) },
				how,
			];
		},
		means: 'passing',
	})),
);

function* dripped(bytes: Buffer, size: number, pauseMs: number): Generator<Step> {
	for (let at = 0; at < bytes.length; at += size) {
		yield { send: bytes.subarray(at, at + size) };
		yield { pauseMs };
	}
	yield 'end';
}

/** A header or body that never ends, a little at a time. */
function* endless(start: Buffer, piece: string, pauseMs: number): Generator<Step> {
	yield { send: start };
	for (;;) {
		yield { send: Buffer.from(piece) };
		yield { pauseMs };
	}
}

/** The head of an answer whose length is not told. */
const chunkedHead = (real: Answer): Buffer =>
	headOf(real.status, withHeaders(real, { 'Transfer-Encoding': 'chunked' }));

const slow: Fault[] = [
	{
		group: 'drip',
		name: 'an answer in small pieces',
		answer: (real) => dripped(bytesOf(real), 64, 200),
		means: 'harmless',
	},
	{
		group: 'drip',
		name: 'an answer that begins late',
		answer: (real) => [{ pauseMs: 4_000 }, { send: bytesOf(real) }, 'end'],
		means: 'harmless',
	},
	{
		group: 'drip',
		name: 'a byte every three seconds',
		answer: (real) => dripped(bytesOf(real), 1, 3_000),
	},
	{
		group: 'drip',
		name: 'headers without end',
		answer: () => endless(Buffer.from('HTTP/1.1 200 OK\r\n'), 'X-More: x\r\n', 2_000),
		means: 'passing',
	},
	{
		group: 'drip',
		name: 'blanks without end before the JSON',
		strikes: isJson,
		answer: (real) => endless(chunkedHead(real), '1\r\n \r\n', 2_000),
		means: 'passing',
	},
	{
		group: 'drip',
		name: 'blanks without end at full speed',
		strikes: isJson,
		answer: (real) => endless(chunkedHead(real), `40000\r\n${' '.repeat(0x40000)}\r\n`, 0),
		means: 'fatal',
	},
	{
		group: 'drip',
		name: 'hints of coming headers without end',
		answer: () => endless(Buffer.alloc(0), 'HTTP/1.1 102 Processing\r\n\r\n', 2_000),
		means: 'passing',
	},
	{
		group: 'drip',
		name: 'one early hint, then the answer',
		answer: (real) => [
			{ send: Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n') },
			{ send: bytesOf(real) },
			'end',
		],
		means: 'harmless',
	},
];

export const connectionFaults: Fault[] = [...refused, ...brokenRequests, ...brokenAnswers, ...slow];
