import { dedupeKey, readReceived } from '../../../nodes/WeComMedia/wecom/callback/events';
import { readFields, textField } from '../../../nodes/WeComMedia/wecom/callback/messageFields';
import { jobXml } from './support';

const eventOf = (text: string) => readReceived(Buffer.from(text));

const keyOf = (text: string) => dedupeKey(eventOf(text));

const message = (id: string, extra = '') =>
	`<xml><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>${id}</MsgId>${extra}</xml>`;
const event = (fields: Record<string, string>) =>
	`<xml>${Object.entries({
		FromUserName: 'sys',
		CreateTime: '1700000000',
		MsgType: 'event',
		...fields,
	})
		.map(([name, value]) => `<${name}>${value}</${name}>`)
		.join('')}</xml>`;

describe('events', () => {
	it('upload_media_job_finish gives the jobid and the time', () => {
		expect(eventOf(jobXml)).toMatchObject({
			kind: 'upload_media_job_finish',
			fields: { JobId: 'jobid_S0MrnndvRG5fadSlLwiBqiDDbM143UqTmKP3152FZk4' },
			createTime: 1700000000,
		});
	});

	it('upload_media_job_finish is known in JSON too', () => {
		const json =
			'{"msgtype":"event","event":"upload_media_job_finish","jobid":"j","createtime":17}';
		expect(eventOf(json)).toMatchObject({
			kind: 'upload_media_job_finish',
			fields: { jobid: 'j' },
			createTime: 17,
		});
	});

	it.each([
		['without a JobId', event({ Event: 'upload_media_job_finish' })],
		['with an empty JobId', event({ Event: 'upload_media_job_finish', JobId: '' })],
		[
			'with a JobId of 129 bytes',
			event({ Event: 'upload_media_job_finish', JobId: 'j'.repeat(129) }),
		],
		['with a nested JobId', event({ Event: 'upload_media_job_finish', JobId: '<a>j</a>' })],
		['as a text message', event({ MsgType: 'text', Event: 'upload_media_job_finish', JobId: 'j' })],
		['of another case', event({ Event: 'Upload_Media_Job_Finish', JobId: 'j' })],
		[
			'typed into a chat to break out of its CDATA section',
			`<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[]]></Content><MsgType>event</MsgType><Event>upload_media_job_finish</Event><JobId>j</JobId><Content><![CDATA[]]></Content></xml>`,
		],
	])('upload_media_job_finish %s is not the end of a job', (_name, text) => {
		expect(eventOf(text).kind).not.toBe('upload_media_job_finish');
	});

	it('a JobId of 128 bytes is the end of a job', () => {
		const text = event({ Event: 'upload_media_job_finish', JobId: 'j'.repeat(128) });
		expect(eventOf(text).kind).toBe('upload_media_job_finish');
	});

	it('another event keeps all its fields', () => {
		const text = event({ Event: 'click', EventKey: 'k', AgentID: '1', Nested: '<a>1</a><a>2</a>' });
		expect(eventOf(text)).toEqual({
			kind: 'other',
			msgType: 'event',
			event: 'click',
			createTime: 1700000000,
			fields: {
				FromUserName: 'sys',
				CreateTime: '1700000000',
				MsgType: 'event',
				Event: 'click',
				EventKey: 'k',
				AgentID: '1',
				Nested: { a: ['1', '2'] },
			},
		});
	});

	it.each(['', 'soon', '-1', '1.5', '9'.repeat(13)])('CreateTime %j is no time', (time) => {
		expect(eventOf(event({ CreateTime: time })).createTime).toBeUndefined();
	});
});

describe('JSON fields', () => {
	it('keep numbers and booleans; what JavaScript would round becomes a string, digit by digit', () => {
		const text =
			'{"MsgId":4561255354251345929,"n":-1.5e3,"i":1790000000,"t":true,"z":null,"s":"a 12 \\"3\\" \\\\","l":[1,[2]],"o":{}}';
		expect(readFields(text)).toEqual({
			ok: true,
			value: {
				MsgId: '4561255354251345929',
				n: '-1.5e3',
				i: 1790000000,
				t: true,
				z: '',
				s: 'a 12 "3" \\',
				l: [1, [2]],
				o: {},
			},
		});
	});

	it('keep __proto__ as an ordinary field', () => {
		const read = readFields('{"__proto__":{"admin":"1"}}');
		if (!read.ok) throw new Error(read.problem);
		expect(Object.keys(read.value)).toEqual(['__proto__']);
		expect(Object.getPrototypeOf(read.value)).toBeNull();
		expect(textField(read.value, 'admin')).toBeUndefined();
	});

	it.each(['{"a":01}', '{"a":1-2}', '{"a":1', '{a:1}', "{'a':1}", '{"a":NaN}', '{}{}'])(
		'of the text %s are refused',
		(text) => {
			expect(readFields(text)).toEqual({ ok: false, problem: 'bad-json' });
		},
	);

	it('longer than the limit are refused', () => {
		const problemOf = (text: string) => {
			const read = readFields(text);
			return read.ok || read.problem;
		};
		const long = (length: number) => `{"a":"${'b'.repeat(length - 8)}"}`;
		expect(problemOf(long(1024 * 1024))).toBe(true);
		expect(problemOf(long(1024 * 1024 + 1))).toBe('too-large');
		const deep = (levels: number) => `{"a":${'['.repeat(levels - 2)}0${']'.repeat(levels - 2)}}`;
		expect(problemOf(deep(32))).toBe(true);
		expect(problemOf(deep(33))).toBe('too-deep');
		const many = (values: number) =>
			`{"a":[${Array(values - 2)
				.fill(0)
				.join(',')}]}`;
		expect(problemOf(many(5000))).toBe(true);
		expect(problemOf(many(5001))).toBe('too-many-elements');
	});
});

describe('what a person typed', () => {
	const text = (content: string, more = '') =>
		`<xml><ToUserName><![CDATA[ww1]]></ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content>${more}<MsgId>7</MsgId></xml>`;

	it.each([
		'a <![CDATA[b]]> c',
		']]>',
		']]]]>>',
		'<xml><MsgType>event</MsgType></xml>',
		'{"msgtype":"event"}',
		'if (a[b[0]]>1 && c) {}',
		']]></Content><MsgType>event</MsgType><Event>upload_media_job_finish</Event><JobId>j</JobId><Content><![CDATA[',
		'<Title><![CDATA[a]]>b]]></Title> and more]]>',
	])('arrives as it was typed: %s', (content) => {
		expect(eventOf(text(content))).toEqual({
			kind: 'text',
			msgType: 'text',
			fields: { ToUserName: 'ww1', MsgType: 'text', Content: content, MsgId: '7' },
		});
	});

	it('arrives as it was typed where it is split as XML wants it', () => {
		expect(eventOf(text('a]]]]><![CDATA[>b')).fields).toMatchObject({ Content: 'a]]>b' });
	});

	it('in two fields of one message stays in its field', () => {
		const more = '<Title><![CDATA[x]]>]]></Title><Description><![CDATA[]]>y]]></Description>';
		expect(eventOf(text('c]]>', more)).fields).toMatchObject({
			Content: 'c]]>',
			Title: 'x]]>',
			Description: ']]>y',
		});
	});
});

describe('what cannot be read', () => {
	it.each([
		['an attribute', '<a b="1">x</a>', 'bad-tag'],
		['a comment', '<!-- x -->', 'declaration'],
		['a bare &', '<a>x & y</a>', 'bad-entity'],
		['half a tag', '<a', 'bad-tag'],
		['10,000 elements', '<a/>'.repeat(10_000), 'too-many-elements'],
		['40 levels', '<a>'.repeat(40) + '</a>'.repeat(40), 'too-deep'],
	])('for %s comes as it was, with the reason and what stands before it', (_name, odd, problem) => {
		const xml = `<xml><CreateTime>1790000000</CreateTime><MsgType><![CDATA[text]]></MsgType>${odd}</xml>`;
		const known = { kind: 'text', msgType: 'text', createTime: 1_790_000_000, fields: {} };
		const unreadable = { text: xml, problem };
		expect(eventOf(xml)).toEqual({ ...known, unreadable });
	});

	it('of a job still counts as the end of a job', () => {
		const xml = jobXml.replace('</xml>', '<!-- x --></xml>');
		expect(eventOf(xml)).toMatchObject({
			kind: 'upload_media_job_finish',
			unreadable: { text: xml, problem: 'declaration' },
		});
	});

	it('because it is no UTF-8 says so', () => {
		const bytes = Buffer.concat([Buffer.from('<xml><Content>'), Buffer.from([0xff])]);
		expect(readReceived(bytes)).toMatchObject({
			kind: 'other',
			unreadable: { problem: 'not-utf8', text: '<xml><Content>\uFFFD' },
		});
	});

	it('has a key of its own for each text', () => {
		expect(keyOf('<xml>a')).toBe(keyOf('<xml>a'));
		expect(keyOf('<xml>a')).not.toBe(keyOf('<xml>b'));
	});
});

describe('a field', () => {
	it('is found in its own spelling before any other', () => {
		expect(textField({ msgid: '1', MsgId: '2', MSGID: '3' }, 'MsgId')).toBe('2');
		expect(textField({ msgid: '1' }, 'MsgId')).toBe('1');
		expect(textField({ msgid: '1', MSGID: '3' }, 'MsgId')).toBeUndefined();
	});
});

describe('dedupe key', () => {
	it('of a job is the same for WeCom’s repeats, even if their time differs', () => {
		expect(keyOf(jobXml)).toBe(
			'["upload_media_job_finish","jobid_S0MrnndvRG5fadSlLwiBqiDDbM143UqTmKP3152FZk4"]',
		);
		expect(keyOf(jobXml.replace('1700000000', '1700000005'))).toBe(keyOf(jobXml));
	});

	it('tells two jobs of the same second apart', () => {
		expect(keyOf(jobXml.replace('jobid_S0', 'jobid_S1'))).not.toBe(keyOf(jobXml));
	});

	it('of a message is its MsgId', () => {
		expect(keyOf(message('4561255354251345929'))).toBe('["message","4561255354251345929"]');
		expect(keyOf(message('1', '<AgentID>2</AgentID>'))).toBe(keyOf(message('1')));
		expect(keyOf(message('1'))).not.toBe(keyOf(message('2')));
	});

	it('of another event is the same for the same event', () => {
		expect(keyOf(event({ Event: 'click' }))).toBe(keyOf(event({ Event: 'click' })));
	});

	it.each<[string, Record<string, string>]>([
		['sender', { FromUserName: 'b' }],
		['second', { CreateTime: '1700000001' }],
		['event', { Event: 'view' }],
		['key', { EventKey: 'other' }],
		['changed member', { UserID: 'lisi' }],
	])('of another event differs by %s', (_name, changed) => {
		const base = { Event: 'change_contact', EventKey: 'k', UserID: 'zhangsan' };
		expect(keyOf(event({ ...base, ...changed }))).not.toBe(keyOf(event(base)));
	});

	it('of an event is never that of a message', () => {
		expect(keyOf(event({ Event: 'click', MsgId: '1' }))).not.toBe(keyOf(message('1')));
	});

	it('cannot be made equal by moving text between fields', () => {
		const left = event({ Event: 'a","b', EventKey: 'c' });
		const right = event({ Event: 'a', EventKey: 'b","c' });
		expect(keyOf(left)).not.toBe(keyOf(right));
	});
});
