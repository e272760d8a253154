import type { INodeParameters } from 'n8n-workflow';
import { sampleFile, setupScene, type Job } from '../scene';
const scene = setupScene();
const out: string[] = [];
afterAll(() => process.stderr.write(out.join('\n') + '\n'));
async function say(what: string, job: Job) {
	let r = '';
	try {
		const { error, items } = await scene.run(job);
		r = error ? `ERR ${error.message} | ${String(error.description)}` : JSON.stringify(items.map(({ json }) => json));
	} catch (e) {
		r = `THROW ${String((e as Error).stack)}`;
	}
	out.push(`### ${what}: ${r.slice(0, 500)}\n     ${scene.simulator.record.all.map(({ path }) => path.split('/cgi-bin/')[1]).join(' ')} ${JSON.stringify(scene.simulator.record.all.at(-1)?.json ?? '').slice(0, 300)}`);
}
const app = () => ({ agentId: String(scene.simulator.demo.corp.agentId) });
const XLSX = { ...sampleFile('table.xlsx', '报告'), mimeType: 'application/octet-stream' };
const moj = Buffer.from('季度报告.xlsx').toString('latin1');
const cases: Array<[string, () => Job]> = [
	['N1 welcome xlsx no ext', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'binary', binaryPropertyName: 'data', text: 'hi' }, items: [{ binary: { data: XLSX } }] })],
	['N2 welcome mojibake', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'binary', binaryPropertyName: 'data', text: 'hi' }, items: [{ binary: { data: { ...XLSX, fileName: moj } } }] })],
	['N1 permanent mp4 as .tmp', () => ({ system: 'officialAccount', operation: 'uploadPermanent', parameters: { mediaType: 'auto', binaryPropertyName: 'data' }, options: { title: 'a' }, items: [{ binary: { data: sampleFile('video.mp4', '视频.tmp') } }] })],
	['N3 moments jfif', () => ({ operation: 'upload', parameters: { purpose: 'moments', binaryPropertyName: 'data' }, items: [{ binary: { data: sampleFile('photo.jpg', 'photo.jfif') } }] })],
	['N3 OA uploadImg php', () => ({ system: 'officialAccount', operation: 'uploadImg', parameters: { binaryPropertyName: 'data' }, items: [{ binary: { data: sampleFile('photo.jpg', 'photo.php') } }] })],
	['N6 welcome binary object', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'binary', binaryPropertyName: '={{ $binary.data }}', text: 'hi' }, items: [{ binary: { data: sampleFile('report.pdf') } }] })],
	['N6 permanent binary object list', () => ({ system: 'officialAccount', operation: 'uploadPermanent', parameters: { binaryPropertyName: '={{ [$binary.data, $binary.b] }}' }, items: [{ binary: { data: sampleFile('photo.jpg'), b: sampleFile('picture.png') } }] })],
	['N6 welcome with list of two', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'binary', binaryPropertyName: 'data,b', text: 'hi' }, items: [{ binary: { data: sampleFile('photo.jpg'), b: sampleFile('picture.png') } }] })],
	['M1 welcome long', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'text', text: '好'.repeat(2000) } })],
	['M1 OA permanent long title', () => ({ system: 'officialAccount', operation: 'uploadPermanent', parameters: { binaryPropertyName: 'data' }, options: { title: '好'.repeat(200), description: '好'.repeat(2000) }, items: [{ binary: { data: sampleFile('video.mp4') } }] })],
	['M1 app video long title', () => ({ operation: 'send', parameters: { sendTo: 'members', toUser: 'LiSi', content: 'binary', binaryPropertyName: 'data' }, credential: app(), options: { title: '好'.repeat(200) }, items: [{ binary: { data: sampleFile('video.mp4') } }] })],
	['M1 app chat video long description', () => ({ operation: 'send', parameters: { sendTo: 'appChat', chatId: 'demochat', content: 'binary', binaryPropertyName: 'data' }, credential: app(), options: { description: '好'.repeat(400) }, items: [{ binary: { data: sampleFile('video.mp4') } }] })],
	['M1 OA video long title', () => ({ system: 'officialAccount', operation: 'send', parameters: { toUser: 'odemofollower', content: 'binary', binaryPropertyName: 'data' }, options: { title: '好'.repeat(2000) }, items: [{ binary: { data: sampleFile('video.mp4') } }] })],
	['M1 chat name', () => ({ operation: 'createChat', parameters: { chatName: '好'.repeat(60), chatMembers: { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] } } })],
	['M4 @all chat members', () => ({ operation: 'createChat', parameters: { chatName: 'a', chatMembers: { member: [{ userId: '@all' }, { userId: 'LiSi' }] } } })],
	['M4 @all owner', () => ({ operation: 'createChat', parameters: { chatName: 'a', chatOwner: '@all', chatMembers: { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] } } })],
	['M4 @all customer', () => ({ system: 'customerService', operation: 'send', parameters: { toUser: '@all', openKfId: 'wkdemo', content: 'text', text: 'a' }, credential: { corpSecret: scene.simulator.demo.corp.customerServiceSecret } })],
	['M4 @all follower', () => ({ system: 'officialAccount', operation: 'send', parameters: { toUser: '@all', content: 'text', text: 'a' } })],
	['M4 @ALL tags', () => ({ operation: 'send', parameters: { sendTo: 'members', toTag: '@ALL', content: 'text', text: 'a' }, credential: app() })],
	['M4 all fullwidth ＠all in members', () => ({ operation: 'send', parameters: { sendTo: 'members', toUser: '＠all', content: 'text', text: 'a' }, credential: app() })],
	['M4 @all + tag', () => ({ operation: 'send', parameters: { sendTo: 'members', toUser: '@all', toTag: '1', content: 'text', text: 'a' }, credential: app() })],
	['M5 binary fields chinese comma', () => ({ operation: 'upload', parameters: { binaryPropertyName: 'data，b' }, items: [{ binary: { data: sampleFile('photo.jpg'), b: sampleFile('picture.png') } }] })],
	['M5 mobiles', () => ({ system: 'robot', operation: 'send', parameters: { content: 'text', text: 'a' }, options: { mentionedUsers: 'LiSi；ZhangSan', mentionedMobiles: '13800001111、13800002222\n13800003333' } })],
	['M5 chat members string', () => ({ operation: 'createChat', parameters: { chatName: 'a', chatMembers: { member: [{ userId: 'ZhangSan、LiSi；WangWu' }] } } })],
	['M8 welcome long link', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'url', url: `https://a.example/${'x'.repeat(1100)}`, text: 'a' } })],
	['M7 KF wrong secret', () => ({ system: 'customerService', operation: 'send', parameters: { toUser: 'wmdemocustomer', openKfId: 'wkdemo', content: 'text', text: 'a' }, credential: { corpSecret: 'made-up-wrong' } })],
	['M7 third party createChat', () => ({ system: 'thirdPartyApp', operation: 'createChat', parameters: { chatName: 'a', chatMembers: { member: [{ userId: 'ZhangSan' }, { userId: 'LiSi' }] } } })],
	['M6 OA mediaId auto', () => ({ system: 'officialAccount', operation: 'send', parameters: { toUser: 'odemofollower', content: 'mediaId', mediaId: 'abc', mediaType: 'auto' } })],
	['U2 wrong robot key upload', () => ({ system: 'robot', operation: 'upload', parameters: { binaryPropertyName: 'data' }, credential: { webhookKey: '11111111-1111-4111-8111-111111111111' }, items: [{ binary: { data: sampleFile('report.pdf') } }] })],
	['U2 wrong robot key send image', () => ({ system: 'robot', operation: 'send', parameters: { content: 'binary', binaryPropertyName: 'data' }, credential: { webhookKey: '11111111-1111-4111-8111-111111111112' }, items: [{ binary: { data: sampleFile('photo.jpg') } }] })],
	['empty members with name', () => ({ operation: 'send', parameters: { sendTo: 'members', toUser: '张三', content: 'text', text: 'a' }, credential: app() })],
	['file >20MB welcome', () => ({ operation: 'addWelcomeMaterial', parameters: { content: 'binary', binaryPropertyName: 'data', text: 'a' }, items: [{ binary: { data: { bytes: Buffer.alloc(21_000_000), fileName: 'a.bin' } } }] })],
];
test.each(cases)('%s', async (what, job) => { await say(what, job()); });
const odd: unknown[] = [{ a: 1 }, ['a'], 5, null, true];
test('odd msgid and invaliduser', async () => {
	for (const value of odd) for (const name of ['invaliduser', 'invalidparty', 'msgid', 'unlicenseduser']) {
		scene.simulator.faults.next({ path: 'message/send', body: JSON.stringify({ errcode: 0, errmsg: 'ok', [name]: value }) });
		await say(`odd ${name} ${JSON.stringify(value)}`, { operation: 'send', parameters: { sendTo: 'members', toUser: 'LiSi', content: 'text', text: 'a' } as INodeParameters, credential: app() });
	}
});
