import { WeComInputError } from '../../../nodes/WeComMedia/wecom/client/errors';
import {
	appChatChannel,
	customerServiceChannel,
	membersChannel,
	officialAccountChannel,
	ROBOT_CHANNEL,
} from '../../../nodes/WeComMedia/wecom/calls/channels';
import { listOf } from '../../../nodes/WeComMedia/wecom/calls/typedValues';
import type { Receivers } from '../../../nodes/WeComMedia/wecom/calls/receivers';
import type { System } from '../../../nodes/WeComMedia/wecom/accounts/system';

const app = { agentId: '1000002' } as System;
const switches = { safe: false, duplicateCheck: false };
const listed = (receivers: Partial<Record<keyof Receivers, string>>): Receivers => ({
	toUser: listOf(receivers.toUser),
	toParty: listOf(receivers.toParty),
	toTag: listOf(receivers.toTag),
});
const fieldsFor = (receivers: Partial<Record<keyof Receivers, string>>) =>
	membersChannel(app, listed(receivers), switches).fields;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `${n + 1}`).join(',');

function refusal(run: () => unknown): WeComInputError {
	let caught: unknown;
	try {
		run();
	} catch (error) {
		caught = error;
	}
	expect(caught).toBeInstanceOf(WeComInputError);
	return caught as WeComInputError;
}

test.each([
	['zhangsan,lisi', ['zhangsan', 'lisi']],
	['zhangsan|lisi', ['zhangsan', 'lisi']],
	['zhangsan，lisi、wangwu', ['zhangsan', 'lisi', 'wangwu']],
	['zhangsan; lisi；wangwu', ['zhangsan', 'lisi', 'wangwu']],
	['  zhangsan ,\n lisi\t', ['zhangsan', 'lisi']],
	['zhangsan\nlisi\r\nwangwu', ['zhangsan', 'lisi', 'wangwu']],
	['zhangsan｜lisi', ['zhangsan', 'lisi']],
	['zhang san, li si', ['zhang san', 'li si']],
	[',|,', []],
	['', []],
])('the list %j names %j', (text, expected) => {
	expect(listOf(text)).toEqual(expected);
});

describe('members, departments and tags', () => {
	test('go out as the vendor joins them, beside a numeric agentid', () => {
		expect(fieldsFor({ toUser: 'zhangsan，lisi', toParty: '2, 5', toTag: '1|7' })).toEqual({
			touser: 'zhangsan|lisi',
			toparty: '2|5',
			totag: '1|7',
			agentid: 1000002,
		});
	});

	test('each of them alone is enough', () => {
		expect(fieldsFor({ toUser: 'lisi' })).toEqual({ touser: 'lisi', agentid: 1000002 });
		expect(fieldsFor({ toParty: '2' })).toEqual({ toparty: '2', agentid: 1000002 });
		expect(fieldsFor({ toTag: '1' })).toEqual({ totag: '1', agentid: 1000002 });
	});

	test.each([
		[{ toUser: '@all' }],
		[{ toUser: 'lisi, @all', toParty: '2' }],
		[{ toUser: ids(2_000) + ',@all' }],
	])("'@all' means everybody, and nobody is named beside it", (receivers) => {
		expect(fieldsFor(receivers)).toEqual({ touser: '@all', agentid: 1000002 });
	});

	test('nobody is refused with the fields that could be filled in', () => {
		const { message, hint, field } = refusal(() => fieldsFor({ toUser: ' , ' }));
		expect(message).toBe(
			"Nobody would receive the message: 'Members', 'Departments' and 'Tags' are all empty",
		);
		expect(hint).toContain("'@all'");
		expect(field).toBe('Members');
	});

	test.each([
		['toUser', 1_000, 'Members'],
		['toParty', 100, 'Departments'],
		['toTag', 100, 'Tags'],
	] as const)('%s: %i are taken, one more is refused with both numbers', (name, most, label) => {
		expect(Object.keys(fieldsFor({ [name]: ids(most) }))).toContain(name.toLowerCase());
		const { message, hint, field } = refusal(() => fieldsFor({ [name]: ids(most + 1) }));
		expect(message).toBe(`'${label}' names ${most + 1}; WeCom takes up to ${most} in one message`);
		expect(hint).toMatch(/^Split the list/);
		expect(field).toBe(label);
	});
});

describe('@all', () => {
	test.each([
		[{ toTag: '@all' }, 'Tags'],
		[{ toParty: '2, @all' }, 'Departments'],
		[{ toUser: 'lisi', toTag: '@all' }, 'Tags'],
		[{ toUser: '@all', toTag: '@all' }, 'Tags'],
	])('%j is refused: a message meant for a tag must not reach the company', (receivers, label) => {
		const { message, hint, field } = refusal(() => fieldsFor(receivers));
		expect(message).toBe(`'@all' in '${label}' means nobody; it is understood in 'Members' only`);
		expect(hint).toContain('enter its ID');
		expect(field).toBe(label);
	});
});

describe('a name where an ID is wanted is called a name', () => {
	test.each([
		[{ toUser: '张三' }, "'张三' in 'Members' is a name or no ID; WeCom wants user IDs there"],
		[{ toUser: 'Zhang San' }, "'Zhang San' in 'Members' is a name or no ID"],
		[{ toUser: 'lisi, 张三, 李四' }, "'张三', '李四' in 'Members' are names or no IDs"],
		[{ toParty: '销售部' }, 'WeCom wants department IDs, which are numbers there'],
		[{ toParty: '2, Sales' }, "'Sales' in 'Departments' is a name"],
		[{ toTag: 'VIP' }, 'WeCom wants tag IDs, which are numbers there'],
		[{ toTag: 'a,b,c,d,e' }, "'a', 'b', 'c' and 2 more in 'Tags' are names"],
	])('%j', (receivers, sentence) => {
		const { message, hint } = refusal(() => fieldsFor(receivers));
		expect(message).toContain(sentence);
		expect(hint).toMatch(/^Switch the field to 'From List' and choose by name\. .+通讯录/);
	});

	test.each([
		'zhangsan',
		'ZhangSan',
		'1001',
		'a.b-c_d@example.com',
		'woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA',
	])('%s is an ID', (toUser) => expect(fieldsFor({ toUser }).touser).toBe(toUser));

	test.each([
		['Customer', () => customerServiceChannel('张三', 'wkservice')],
		['Service Account ID', () => customerServiceChannel('wmcustomer', '客服 一')],
		['Follower', () => officialAccountChannel('a, b')],
		['Chat ID', () => appChatChannel('项目群', { safe: false })],
	])('%s', (label, run) => {
		expect(refusal(run).message).toContain(`in '${label}' is a name or no ID`);
	});
});

describe('the agent id', () => {
	const channelOf = (agentId: string | undefined) =>
		membersChannel({ agentId } as System, listed({ toUser: 'lisi' }), switches);

	test("an empty one is refused by the name of the credential's field", () => {
		const { message, hint, field } = refusal(() => channelOf(''));
		expect(message).toContain("'Agent ID' of the credential is empty");
		expect(hint).toContain('应用管理');
		expect(field).toBe('Agent ID');
	});

	test('a third-party app sends without one', () => {
		expect(channelOf(undefined).fields).toEqual({ touser: 'lisi' });
	});
});

describe('switches', () => {
	const fields = (safe: boolean, duplicateCheck: boolean) =>
		membersChannel(app, listed({ toUser: 'lisi' }), { safe, duplicateCheck }).fields;

	test('the duplicate check holds for 30 minutes', () => {
		expect(fields(false, true)).toMatchObject({
			enable_duplicate_check: 1,
			duplicate_check_interval: 1_800,
		});
		expect(fields(false, false)).not.toHaveProperty('enable_duplicate_check');
	});

	test('confidential is 1, otherwise absent', () => {
		expect(fields(true, false).safe).toBe(1);
		expect(fields(false, false)).not.toHaveProperty('safe');
		expect(appChatChannel('chat', { safe: true }).fields.safe).toBe(1);
		expect(appChatChannel('chat', { safe: false }).fields).not.toHaveProperty('safe');
	});
});

describe('single receivers', () => {
	test('go out trimmed, in the fields of the vendor', () => {
		expect(appChatChannel(' chat ', { safe: false })).toMatchObject({
			path: 'appchat/send',
			fields: { chatid: 'chat' },
		});
		expect(customerServiceChannel(' wmcustomer ', ' wkservice ')).toMatchObject({
			path: 'kf/send_msg',
			fields: { touser: 'wmcustomer', open_kfid: 'wkservice' },
		});
		expect(officialAccountChannel(' ofollower ')).toMatchObject({
			path: 'message/custom/send',
			fields: { touser: 'ofollower' },
		});
		expect(ROBOT_CHANNEL).toMatchObject({ path: 'webhook/send', fields: {} });
	});

	test.each([
		['Chat ID', () => appChatChannel(' ', { safe: false })],
		['Customer', () => customerServiceChannel('', 'wkservice')],
		['Service Account ID', () => customerServiceChannel('wmcustomer', ' ')],
		['Follower', () => officialAccountChannel('')],
	])('%s: an empty one is refused, with where it comes from', (label, run) => {
		const { message, hint, field } = refusal(run);
		expect(message).toBe(`'${label}' is empty`);
		expect(hint).toMatch(/^The \w.*\.$/);
		expect(field).toBe(label);
	});
});
