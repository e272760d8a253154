import type { Directory } from './model';
import type { SimulatorState } from './state';

/** Ready-made credentials of the simulated world. All made up. */
export interface DemoCredentials {
	corp: {
		corpId: string;
		corpSecret: string;
		agentId: number;
		callbackToken: string;
		encodingAesKey: string;
		customerServiceSecret: string;
		chatId: string;
		openKfId: string;
	};
	suite: {
		suiteId: string;
		suiteSecret: string;
		suiteTicket: string;
		authCorpId: string;
		permanentCode: string;
		agentId: number;
		callbackToken: string;
		encodingAesKey: string;
	};
	/** Fields of a corp credential that receives what customers write. */
	customerService: {
		corpId: string;
		corpSecret: string;
		callbackToken: string;
		encodingAesKey: string;
		openKfId: string;
		customer: string;
	};
	bot: { aibotId: string; callbackToken: string; encodingAesKey: string };
	robot: { webhookKey: string; webhookUrl: string };
	officialAccount: { appId: string; appSecret: string; follower: string };
}

const CORP = {
	corpId: 'wwdemocorp',
	corpSecret: 'made-up-secret-of-the-demo-app',
	agentId: 1000002,
	callbackToken: 'DemoCallbackToken',
	encodingAesKey: 'MadeUpEncodingAesKeyOfTheDemoAppOfSimulatoA',
	customerServiceSecret: 'made-up-secret-of-customer-service',
	chatId: 'demochat',
	openKfId: 'wkdemo',
};

const SUITE = {
	suiteId: 'wwdemosuite',
	suiteSecret: 'made-up-secret-of-the-suite',
	suiteTicket: 'made-up-ticket-of-the-suite',
	authCorpId: 'wwclientcorp',
	permanentCode: 'made-up-permanent-code',
	agentId: 1000009,
	callbackToken: 'DemoSuiteToken',
	// The last character carries trailing bits that a strict Base64 decoder refuses; real keys do too.
	encodingAesKey: 'MadeUpEncodingAesKeyOfTheSuiteOfTheSimulatk',
};

const CUSTOMER_SERVICE = {
	corpId: CORP.corpId,
	corpSecret: CORP.customerServiceSecret,
	callbackToken: 'DemoCustomerServiceToken',
	encodingAesKey: 'MadeUpEncodingAesKeyOfCustomerServiceOfDemo',
	openKfId: CORP.openKfId,
	customer: 'wmdemocustomer',
};

const BOT = {
	aibotId: 'aibdemobot',
	callbackToken: 'DemoBotToken',
	encodingAesKey: 'MadeUpEncodingAesKeyOfTheDemoBotOfSimulatoA',
};

const ROBOT_KEY = '11111111-2222-4333-8444-555555555555';

const ACCOUNT = {
	appId: 'wxdemoaccount',
	appSecret: 'made-up-secret-of-the-account',
	follower: 'odemofollower',
};

/** What the people of `users` are called, and where they work. */
const DIRECTORY: Directory = {
	departments: [
		{ id: 1, name: '演示公司', parentId: 0 },
		{ id: 2, name: '销售部', parentId: 1 },
	],
	members: [
		{ userId: 'ZhangSan', name: '张三', departments: [2] },
		{ userId: 'LiSi', name: '李四', departments: [1] },
		{ userId: 'WangWu', name: '王五', departments: [1, 2] },
	],
	tags: [{ id: 1, name: '项目组', userIds: ['LiSi'], departments: [2] }],
};

/** Fills an empty world with one of everything and tells how to get in. */
export function populateDemo(state: SimulatorState, url: string): DemoCredentials {
	const people = ['ZhangSan', 'LiSi', 'WangWu'].map((userId) => ({
		userId,
		visible: true,
		licensed: true,
	}));
	state.addCorp({
		corpId: CORP.corpId,
		users: [...people, { userId: 'OutOfRange', visible: false, licensed: true }],
		directory: structuredClone(DIRECTORY),
		departments: ['1', '2'],
		tags: ['1'],
		chats: [{ chatId: CORP.chatId, agentId: CORP.agentId }],
		openKfIds: [CORP.openKfId],
		kfNames: { [CORP.openKfId]: '售后客服' },
		customers: [{ externalUserId: CUSTOMER_SERVICE.customer, nickname: '陈女士' }],
		conversations: [
			{
				externalUserId: CUSTOMER_SERVICE.customer,
				openKfId: CORP.openKfId,
				lastMessageAt: state.now(),
				repliesSince: 0,
				condition: 'open',
			},
		],
	});
	state.addApp({
		corpId: CORP.corpId,
		secret: CORP.corpSecret,
		name: 'Demo app',
		agentId: CORP.agentId,
		callback: { token: CORP.callbackToken, encodingAesKey: CORP.encodingAesKey },
	});
	state.addApp({
		corpId: CORP.corpId,
		secret: CORP.customerServiceSecret,
		name: 'Customer Service',
		customerContact: false,
		customerService: true,
		callback: {
			token: CUSTOMER_SERVICE.callbackToken,
			encodingAesKey: CUSTOMER_SERVICE.encodingAesKey,
		},
	});
	state.smartBots.push({
		aibotId: BOT.aibotId,
		corpId: CORP.corpId,
		name: 'Demo bot',
		callback: { token: BOT.callbackToken, encodingAesKey: BOT.encodingAesKey },
	});

	state.addCorp({
		corpId: SUITE.authCorpId,
		users: people,
		directory: structuredClone(DIRECTORY),
	});
	const callback = { token: SUITE.callbackToken, encodingAesKey: SUITE.encodingAesKey };
	state.suites.push({
		suiteId: SUITE.suiteId,
		suiteSecret: SUITE.suiteSecret,
		suiteTicket: SUITE.suiteTicket,
		earlierTickets: [],
		providerCorpId: 'wwprovidercorp',
		callback,
	});
	state.addApp({
		corpId: SUITE.authCorpId,
		secret: SUITE.permanentCode,
		name: 'Demo third-party app',
		agentId: SUITE.agentId,
		suiteId: SUITE.suiteId,
		rootVisible: false,
		range: { userIds: ['LiSi'], departments: [2], tags: [] },
		// One settings page in the provider's console serves the suite's data and command callbacks.
		callback,
	});

	state.addRobot({ webhookKey: ROBOT_KEY, name: 'Demo robot', chatIds: ['wrdemogroup'] });
	state.addOfficialAccount({
		appId: ACCOUNT.appId,
		appSecret: ACCOUNT.appSecret,
		followers: [ACCOUNT.follower],
	});

	return {
		corp: { ...CORP },
		suite: { ...SUITE },
		customerService: { ...CUSTOMER_SERVICE },
		bot: { ...BOT },
		robot: { webhookKey: ROBOT_KEY, webhookUrl: `${url}/cgi-bin/webhook/send?key=${ROBOT_KEY}` },
		officialAccount: { ...ACCOUNT },
	};
}
