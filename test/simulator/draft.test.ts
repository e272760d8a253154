import { startSimulator, type Simulator } from './index';
import { accountToken, call, post, postFile, SAMPLES } from './testClient';

let simulator: Simulator;
let token: string;
beforeEach(async () => {
	simulator = await startSimulator();
	token = await accountToken(simulator);
});
afterEach(async () => await simulator.close());

const api = async (path: string, body: unknown) =>
	(await post(`${simulator.url}/cgi-bin/${path}?access_token=${token}`, body)).json();

async function cover(): Promise<string> {
	const query = `access_token=${token}&type=image`;
	const url = `${simulator.url}/cgi-bin/material/add_material?${query}`;
	const answer = await postFile(url, SAMPLES.png, { fileName: 'cover.png' });
	return String(answer.json().media_id);
}

describe('draft/add', () => {
	it('keeps an article whose cover is permanent material', async () => {
		const articles = [{ title: 'Week 7', content: '<p>Hello</p>', thumb_media_id: await cover() }];
		const { media_id: id } = await api('draft/add', { articles });
		expect(simulator.state.drafts.get(String(id))).toMatchObject({ articles });
	});

	it.each([
		['no article', () => [], 44003],
		[
			'a temporary cover',
			() => [
				{
					title: 'a',
					content: 'b',
					thumb_media_id: simulator.state.addMedia({ bytes: SAMPLES.png }),
				},
			],
			40007,
		],
		['no title', () => [{ content: 'b', thumb_media_id: 'x' }], 44004],
		[
			'a title of 33 characters',
			() => [{ title: '周'.repeat(33), content: 'b', thumb_media_id: 'x' }],
			45003,
		],
	])('refuses %s', async (_what, articles, errcode) => {
		expect(await api('draft/add', { articles: articles() })).toMatchObject({ errcode });
	});

	it('needs a token', async () => {
		const answer = await call(`${simulator.url}/cgi-bin/draft/add?access_token=none`, {
			method: 'POST',
			body: '{}',
		});
		expect(answer.json()).toMatchObject({ errcode: 40014 });
	});
});
