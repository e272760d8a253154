import type { IDataObject } from 'n8n-workflow';
import { MediaMemory } from '../../../nodes/WeComMedia/n8n/mediaMemory';
import { uploadOrReuse } from '../../../nodes/WeComMedia/n8n/reuse';
import { packMedia } from '../../../nodes/WeComMedia/wecom/files/packing';
import { leaks } from '../../helpers/leaks';
import { fileFromBuffer } from '../../wecom/files';
import { useScene, type Connected } from '../../wecom/scene';

// The same time as the world's.
const scene = useScene({ now: () => 1_800_000_000_000 });
/** A media_id lives three days. */
const LIFE_S = 259_200;
const contentOf = (n: number) => Buffer.from(`the confidential content of file ${n}`);

/** `known` is what the process knows; without it, only the static data remembers. */
async function put({ client, system }: Connected, stored: IDataObject, n: number, known = {}) {
	const packed = await packMedia(system, {
		file: fileFromBuffer(`员工工资表-${n}.pdf`, contentOf(n)),
		requested: 'auto',
		fileName: '',
		fallbackToFile: false,
		skipChecks: false,
	});
	return await uploadOrReuse(client, system, packed, new MediaMemory(known, stored));
}
const remembered = (stored: IDataObject) =>
	Object.values(stored.reusableMedia as Record<string, string>).map((line) => line.split(' ')[2]);

test('200 files are remembered; the oldest goes for the 201st', async () => {
	const app = scene.app();
	const stored: IDataObject = {};
	const ids: string[] = [];
	for (let n = 0; n < 203; n += 1) ids.push((await put(app, stored, n)).media.media_id);
	expect(remembered(stored)).toEqual(ids.slice(3));
	expect((await put(app, stored, 202)).reused).toBe(true);
	expect((await put(app, stored, 3)).reused).toBe(true);
	expect((await put(app, stored, 0)).reused).toBe(false);
	expect(JSON.stringify(stored).length).toBeLessThan(40_000);
});

test('what is about to expire makes room by itself', async () => {
	const app = scene.app();
	const stored: IDataObject = {
		reusableMedia: { old: { id: 'made-up-old', at: 1, until: 259_201 } },
	};
	const { media } = await put(app, stored, 1);
	expect(remembered(stored)).toEqual([media.media_id]);
});

test('nothing of the account, of the name or of the content can be read in it', async () => {
	const { demo, url } = scene.sim;
	const stored: IDataObject = {};
	await put(scene.app(), stored, 1);
	await put(scene.robot(), stored, 1);
	const { corpId, corpSecret } = demo.corp;
	const secrets = [corpId, corpSecret, demo.robot.webhookKey, url, '员工工资表', 'confidential'];
	expect(leaks(secrets, stored)).toEqual([]);
	for (const [key, entry] of Object.entries(stored.reusableMedia as IDataObject)) {
		expect(key).toMatch(/^[\w-]{27}$/);
		expect(entry).toMatch(/^1800000000 1800259200 \S+$/);
	}
});

test.each([null, 'damaged', 7, []])(
	'static data that holds %j there is no obstacle',
	async (damaged) => {
		const app = scene.app();
		const stored = { reusableMedia: damaged, other: 'kept' } as IDataObject;
		expect((await put(app, stored, 1)).reused).toBe(false);
		expect((await put(app, stored, 1)).reused).toBe(true);
		expect(stored.other).toBe('kept');
	},
);

test('what an earlier version has stored is still read', async () => {
	const app = scene.app();
	const stored: IDataObject = {};
	const { media } = await put(app, stored, 1);
	const [key] = Object.keys(stored.reusableMedia as IDataObject);
	const { media_id: id, created_at: at } = media;
	const earlier: IDataObject = { reusableMedia: { [key]: { id, at, until: at + LIFE_S } } };
	expect(await put(app, earlier, 1)).toMatchObject({ reused: true, media: { media_id: id } });
});

test('of what the process and the static data hold the newer counts', async () => {
	const app = scene.app();
	const known = {};
	const stored: IDataObject = {};
	const { media } = await put(app, stored, 1, known);
	const [key] = Object.keys(known);
	const newer = {
		[key]: `${media.created_at + 60} ${media.created_at + 60 + LIFE_S} made-up-newer`,
	};
	const found = await put(app, { reusableMedia: newer }, 1, known);
	expect(found.media.media_id).toBe('made-up-newer');
	expect((await put(app, {}, 1, known)).media.media_id).toBe('made-up-newer');
});

test('looking something up writes nothing into the static data', async () => {
	const app = scene.app();
	const known = {};
	await put(app, {}, 1, known);
	const stored = Object.freeze({});
	expect((await put(app, stored, 1, known)).reused).toBe(true);
	expect(stored).toEqual({});
});

test('the same file asked for five times at the same moment is uploaded once', async () => {
	const app = scene.app();
	const stored: IDataObject = {};
	const results = await Promise.all([1, 1, 1, 1, 1].map(async (n) => await put(app, stored, n)));
	expect(results.map(({ reused }) => reused)).toEqual([false, true, true, true, true]);
	expect(scene.sim.record.count('media/upload')).toBe(1);
});

test('of five at the same moment, the second tries when the first has failed', async () => {
	const app = scene.app();
	const stored: IDataObject = {};
	scene.sim.faults.next({ path: 'media/upload', errcode: 40004 });
	const results = await Promise.allSettled([1, 1, 1].map(async (n) => await put(app, stored, n)));
	expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
	expect(scene.sim.record.count('media/upload')).toBe(2);
});
