/** Answers that are JSON in a way, refusals, and fields that are not what they are called. */
import { isJson, type Fault } from './fault';
import { bytesOf, withHeaders, type Answer, type Step } from './wire';

const TYPE = 'application/json; charset=UTF-8';

function says(body: string | Buffer, type = TYPE, status = 200): Step[] {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
	return [{ send: bytesOf({ status, headers: [['Content-Type', type]], body: bytes }) }, 'end'];
}

const share = (part: number) => (real: Answer) =>
	says(real.body.subarray(0, Math.floor(real.body.length * part)));

/** None of these is an answer; WeCom has acted all the same. */
const unreadable: Fault[] = (
	[
		['JSON cut after 25 %', share(0.25)],
		['JSON cut after 50 %', share(0.5)],
		['JSON cut after 75 %', share(0.75)],
		['JSON without its last brace', (real) => says(real.body.subarray(0, -1))],
		['JSON twice', (real) => says(Buffer.concat([real.body, real.body]))],
		['JSON with something behind it', (real) => says(`${real.body.toString()}<!-- gateway -->`)],
		['JSON in quotation marks', (real) => says(JSON.stringify(real.body.toString()))],
		['JSONP', (real) => says(`callback(${real.body.toString()})`)],
		['JSON in an array', (real) => says(`[${real.body.toString()}]`)],
		['an array', () => says('[]')],
		['null', () => says('null')],
		['true', () => says('true')],
		['a number', () => says('0')],
		['a text', () => says('"ok"')],
		['JSON in UTF-16', (real) => says(Buffer.from(`\ufeff${real.body.toString()}`, 'utf16le'))],
		['bytes that are no text', () => says(Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3]))],
		['200,000 brackets', () => says('['.repeat(200_000))],
		['200,000 objects', () => says('{"a":'.repeat(200_000))],
		['six megabytes', () => says(`{"a":"${'x'.repeat(6_000_000)}"}`)],
		['a login page', () => says('<!DOCTYPE html><title>Sign in</title><form>', 'text/html')],
		['a login page that says it is JSON', () => says('<!DOCTYPE html><title>Sign in</title>')],
		['an empty object', () => says('{}')],
		["another program's answer", () => says('{"status":"success","data":{"id":1}}')],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({
	group: 'foreign answers',
	name,
	strikes: isJson,
	answer,
	means: 'fatal',
}));

/** Neither JSON nor a web page: where a file may come, it is one. */
const texts: Fault[] = (
	[
		['the word ok', 'ok', 'text/plain'],
		['XML', '<xml><errcode>0</errcode></xml>', 'text/xml'],
	] satisfies Array<[string, string, string]>
).map(([name, body, type]) => ({
	group: 'foreign answers',
	name,
	strikes: (call) => isJson(call) && !/(?:\/get|get_material)$/.test(call.name),
	answer: () => says(body, type),
	means: 'fatal',
}));

/** Spellings of the same answer. */
const readable: Fault[] = (
	[
		[
			'a byte order mark in front',
			(real) => says(Buffer.concat([Buffer.from('\ufeff'), real.body])),
		],
		['blanks around', (real) => says(`\r\n\t ${real.body.toString()} \n`)],
		[
			'fields nobody knows',
			(real) => says(real.body.toString().replace(/^\{/, '{"x_new":{"a":[1]},')),
		],
		['escapes for every character', (real) => says(escaped(real.body.toString()))],
	] satisfies Array<[string, (real: Answer) => Iterable<Step>]>
).map(([name, answer]) => ({
	group: 'odd answers',
	name,
	strikes: isJson,
	answer,
	means: 'harmless',
}));

function escaped(text: string): string {
	const parsed = JSON.stringify(JSON.parse(text));
	return parsed.replace(
		/[\u0080-\uffff]/g,
		(c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

const ODD_CODES = ['"0x"', 'null', 'false', '[]', '{}', '"busy"', '1e400', '-0.5', '""'];

const oddCodes: Fault[] = ODD_CODES.map((code) => ({
	group: 'odd answers',
	name: `errcode ${code}`,
	strikes: isJson,
	answer: (real) => says(withField(real, 'errcode', code)),
}));

function withField(real: Answer, name: string, value: string): string {
	const fields = JSON.parse(real.body.toString()) as Record<string, unknown>;
	delete fields[name];
	const others = JSON.stringify(fields).slice(1, -1);
	return `{"${name}":${value}${others ? `,${others}` : ''}}`;
}

const ODD_TEXTS = [
	'5',
	'null',
	'{"a":1}',
	'["a"]',
	'"<script>alert(1)</script>\\u001b[31m"',
	`"${'长'.repeat(20_000)}"`,
];

const oddTexts: Fault[] = ODD_TEXTS.map((text) => ({
	group: 'odd answers',
	name: `errmsg ${text.slice(0, 20)}`,
	strikes: isJson,
	reaches: false,
	answer: () => says(`{"errcode":40058,"errmsg":${text}}`),
	means: 'fatal',
}));

/** Whatever a successful answer is for is not what it should be. */
const ODD_VALUES = ['null', '""', '0', '-1', 'true', '{"a":1}', '["a"]', '{}', '"  "'];
const FIELDS = [
	'media_id',
	'thumb_media_id',
	'url',
	'jobid',
	'access_token',
	'suite_access_token',
	'video_url',
	'chatid',
	'template_id',
];
/** What may be missing, or be nobody's: without it there is less to say. */
const NAMELESS_FIELDS = [
	'created_at',
	'msgid',
	'expires_in',
	'status',
	'detail',
	'invaliduser',
	'invalidparty',
	'invalidtag',
	'unlicenseduser',
	'title',
	'description',
	'customer_list',
];
const NAMELESS = new Set(NAMELESS_FIELDS);

/** A job may have states that nobody documented. */
const valuesOf = (field: string) =>
	ODD_VALUES.filter((value) => field !== 'status' || !/^-?\d+$/.test(value));

const oddFields: Fault[] = [...FIELDS, ...NAMELESS_FIELDS].flatMap((field) =>
	valuesOf(field).map((value): Fault => ({
		group: 'odd fields',
		name: `${field} ${value}`,
		strikes: (call) => isJson(call) && call.fields?.includes(field) === true,
		answer: (real) => says(withField(real, field, value)),
		means: NAMELESS.has(field) ? undefined : 'fatal',
	})),
);

const PASSING = [-1, 6000, 45033];
const REFUSALS = [
	40001, 40003, 40004, 40007, 40013, 40014, 40058, 40063, 41001, 42001, 43004, 44001, 45001, 45002,
	45009, 45047, 48002, 50001, 60020, 81013, 82001, 90001, 93000, 95001, 301002, 830001, 999999,
];

function refusal(code: number, headers: Answer['headers'] = []): Answer {
	const errmsg = `made-up refusal, hint: [1700000000_7_0abc], from ip: 127.0.0.1, more info at https://open.work.weixin.qq.com/devtool/query?e=${code}`;
	return {
		status: 200,
		headers: [['Content-Type', TYPE], ...headers],
		body: Buffer.from(JSON.stringify({ errcode: code, errmsg })),
	};
}

const refusals: Fault[] = [...PASSING, ...REFUSALS].map((code) => ({
	group: 'refusals',
	name: `errcode ${code}`,
	// Behind a link it is a file that is not the one, whatever the code.
	strikes: (call) => call.name !== 'link' || !PASSING.includes(code),
	reaches: false,
	answer: () => [{ send: bytesOf(refusal(code)) }, 'end'],
	means: PASSING.includes(code) ? 'passing' : undefined,
}));

/** Gateways and error pages like to repeat what they were asked, the secret in the query included. */
const quoting: Fault[] = [200, 400, 404, 500, 502].flatMap((status) => [
	{
		group: 'quoted secrets',
		name: `${status} with a page that quotes the request`,
		reaches: false,
		answer: (_real, { head }) => {
			const body = `<p>Cannot ${head.method} ${head.target}</p><pre>${JSON.stringify(head.headers)}</pre>`;
			return says(body, 'text/html', status);
		},
		means: 'fatal',
	} satisfies Fault,
	{
		group: 'quoted secrets',
		name: `${status} with a refusal that quotes the request`,
		reaches: false,
		answer: (_real, { head }) => {
			const secret = decodeURIComponent(head.target.split('=').pop() ?? '');
			const errmsg = `invalid request ${head.target} ${secret}`;
			return says(JSON.stringify({ errcode: 40058, errmsg }), TYPE, status);
		},
		means: 'fatal',
	} satisfies Fault,
]);

const errorHeaders: Fault[] = [
	{
		group: 'refusals',
		name: 'a refusal with Error-Code and Content-Disposition',
		// Behind a link it is a file by its name.
		strikes: (call) => call.name !== 'link',
		reaches: false,
		answer: () => [
			{
				send: bytesOf(
					refusal(40007, [
						['Error-Code', '40007'],
						['Content-Disposition', 'attachment; filename="a.json"'],
					]),
				),
			},
			'end',
		],
		means: 'fatal',
	},
	{
		group: 'refusals',
		name: 'a refusal without a Content-Type',
		reaches: false,
		answer: () => {
			const answer = refusal(40007);
			return [
				{
					send: bytesOf({ ...answer, headers: withHeaders(answer, { 'Content-Type': undefined }) }),
				},
				'end',
			];
		},
		means: 'fatal',
	},
];

export const jsonFaults: Fault[] = [
	...unreadable,
	...texts,
	...readable,
	...oddCodes,
	...oddTexts,
	...oddFields,
	...refusals,
	...quoting,
	...errorHeaders,
];
