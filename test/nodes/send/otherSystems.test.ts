import { sample, sampleFile, type Sample } from '../scene';
import { setupSending } from './sending';

const scene = setupSending();
const item = (name: Sample) => ({ binary: { data: sampleFile(name) } });

describe('Customer Service', () => {
	test.each([
		['photo.jpg', 'image'],
		['voice.amr', 'voice'],
		['video.mp4', 'video'],
		['report.pdf', 'file'],
	] as const)('%s reaches the customer as %s', async (name, type) => {
		const { items, error } = await scene.send({ system: 'customerService', items: [item(name)] });
		expect(error).toBeUndefined();
		const [{ via, to, body, media, msgid }] = scene.arrived();
		expect([via, to]).toEqual(['customerService', ['wmdemocustomer']]);
		expect(media?.bytes.equals(sample(name))).toBe(true);
		expect(body).toEqual({
			touser: 'wmdemocustomer',
			open_kfid: 'wkdemo',
			msgtype: type,
			[type]: { media_id: media?.mediaId },
		});
		expect(items[0].json).toMatchObject({
			msgtype: type,
			msgid,
			touser: 'wmdemocustomer',
			open_kfid: 'wkdemo',
		});
	});

	test('a text first, then the file: two of the five messages', async () => {
		await scene.send({
			system: 'customerService',
			parameters: { text: '您好' },
			items: [item('report.pdf')],
		});
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', 'file']);
	});

	test.each([
		['the sixth message', { repliesSince: 5 }, 95001, 'until the customer writes again'],
		['a message after 48 hours', { lastMessageAt: 0 }, 95002, 'for 48 hours only'],
		['a message in an ended one', { condition: 'ended' as const }, 95013, 'starts a new one'],
	])('%s is refused with what to do', async (_, change, errcode, advice) => {
		Object.assign(scene.simulator.state.corps[0].conversations[0], change);
		const { error } = await scene.send({ system: 'customerService', items: [item('report.pdf')] });
		expect(error?.message).toContain(`kf/send_msg failed (${errcode}: `);
		expect(error?.description).toContain(advice);
		expect(scene.arrived()).toEqual([]);
	});

	test('the secret of an app that has no Customer Service is refused with the reason', async () => {
		const { corpSecret } = scene.simulator.demo.corp;
		const { error } = await scene.send({
			system: 'customerService',
			credential: { corpSecret },
			items: [item('report.pdf')],
		});
		expect(error?.message).toContain('kf/send_msg failed (48002');
	});

	test.each([
		[{ toUser: ' ' }, "'Customer' is empty"],
		[{ openKfId: "={{ '' }}" }, "'Service Account ID' is empty"],
	])('%j is refused before anything is sent', async (parameters, message) => {
		const { error } = await scene.send({
			system: 'customerService',
			parameters,
			items: [item('report.pdf')],
		});
		expect(error?.message).toContain(message);
		expect(scene.simulator.record.counters()).toEqual({});
	});
});

describe('Official Account', () => {
	test.each([
		['photo.jpg', 'image'],
		['voice.amr', 'voice'],
		['voice.mp3', 'voice'],
	] as const)('%s reaches the follower as %s', async (name, type) => {
		const { items, error } = await scene.send({ system: 'officialAccount', items: [item(name)] });
		expect(error).toBeUndefined();
		const [{ via, to, body, media }] = scene.arrived();
		expect([via, to]).toEqual(['officialAccount', ['odemofollower']]);
		expect(media?.bytes.equals(sample(name))).toBe(true);
		expect(body).toEqual({
			touser: 'odemofollower',
			msgtype: type,
			[type]: { media_id: media?.mediaId },
		});
		expect(items[0].json).toMatchObject({ msgtype: type, touser: 'odemofollower' });
	});

	test('a video takes its cover, title and description along', async () => {
		await scene.send({
			system: 'officialAccount',
			options: { thumbMediaId: 'made-up-thumb', title: '培训', description: '第一课' },
			items: [item('video.mp4')],
		});
		const [{ body, media }] = scene.arrived();
		expect(body.video).toEqual({
			media_id: media?.mediaId,
			thumb_media_id: 'made-up-thumb',
			title: '培训',
			description: '第一课',
		});
	});

	test('a PDF is refused before anything is sent: it takes no files', async () => {
		const { error } = await scene.send({
			system: 'officialAccount',
			parameters: { text: 'see below' },
			items: [item('report.pdf')],
		});
		expect(error?.message).toContain('that the Official Account does not take');
		expect(error?.description).toContain('It takes image (JPG, PNG or GIF)');
		expect(scene.simulator.record.counters()).toEqual({});
	});

	test('a media_id must be told what it is, or nothing is sent, its text included', async () => {
		const bytes = sample('photo.jpg');
		const { state, record } = scene.simulator;
		const mediaId = state.addMedia({ bytes, type: 'image', system: 'officialAccount' });
		const parameters = { content: 'mediaId', mediaId, mediaType: 'auto', text: 'see below' };
		const { error } = await scene.send({ system: 'officialAccount', parameters });
		expect(error?.message).toContain('A media_id does not tell what it is');
		expect(error?.description).toContain('image, voice, video.');
		expect(record.counters()).toEqual({});
		await scene.send({
			system: 'officialAccount',
			parameters: { ...parameters, mediaType: 'image' },
		});
		expect(scene.arrived().map(({ msgtype }) => msgtype)).toEqual(['text', 'image']);
	});

	test('a media_id is a picture unless another type is chosen, since no default can only fail', async () => {
		const bytes = sample('photo.jpg');
		const mediaId = scene.simulator.state.addMedia({
			bytes,
			type: 'image',
			system: 'officialAccount',
		});
		const parameters = { content: 'mediaId', mediaId };
		const { error } = await scene.send({ system: 'officialAccount', parameters });
		expect(error).toBeUndefined();
		expect(scene.arrived()).toMatchObject([{ msgtype: 'image' }]);
	});

	test('a text alone reaches the follower', async () => {
		await scene.send({
			system: 'officialAccount',
			parameters: { content: 'text', text: '您好' },
		});
		expect(scene.arrived()).toMatchObject([{ body: { text: { content: '您好' } } }]);
	});

	test('somebody who does not follow is refused', async () => {
		const { error } = await scene.send({
			system: 'officialAccount',
			parameters: { toUser: 'ostranger' },
			items: [item('photo.jpg')],
		});
		expect(error?.message).toContain('message/custom/send failed (40003');
	});
});
