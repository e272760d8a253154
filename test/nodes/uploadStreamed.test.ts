/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { userFolder } from '../helpers/environment';
import { pauses, setupScene, until } from './scene';

const scene = setupScene();
const bytes = Buffer.alloc(3 * 1024 * 1024 + 1, 'made-up handbook ');
const items = [{ binary: { data: { bytes, fileName: '员工手册.bin' } } }];
const upload = 'media/upload';

/** The large files in n8n's storage. */
function storedFiles(): string[] {
	return readdirSync(userFolder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && entry.name.length === 36)
		.map((entry) => join(entry.parentPath, entry.name));
}

afterEach(() => storedFiles().forEach((path) => rmSync(path)));

/** Files of this process that are open. Linux only; elsewhere the protocol room's tests have to do. */
const openFiles = () =>
	process.platform === 'linux' ? readdirSync('/proc/self/fd').length : undefined;

test('a large file from disk arrives whole, with its length announced', async () => {
	const { items: said, error } = await scene.run({ items });
	expect(error).toBeUndefined();
	const stored = scene.simulator.state.media.get(String(said[0].json.media_id));
	expect(stored?.bytes.equals(bytes)).toBe(true);
	expect(stored?.fileName).toBe('员工手册.bin');
	expect(scene.simulator.record.last(upload)).toMatchObject({ chunked: false });
	expect(scene.simulator.record.last(upload)?.contentLength).toBeGreaterThan(bytes.length);
});

test.each([
	['a connection cut before the answer', { cut: 'beforeAnswer' }],
	['a connection cut at once', { cut: 'onArrival' }],
	['"system busy"', { errcode: -1 }],
	['a token that has ended', { token: 'expire' }],
] as const)('%s: the file is read again and sent whole', async (_what, fault) => {
	scene.simulator.faults.next({ path: upload, ...fault });
	const { items: said, error } = await scene.run({ items });
	expect(error).toBeUndefined();
	const stored = scene.simulator.state.media.get(String(said[0].json.media_id));
	expect(stored?.bytes.equals(bytes)).toBe(true);
	expect(scene.simulator.record.count(upload)).toBe(2);
});

test.each([
	['deleted', (path: string) => rmSync(path), 'could not be read'],
	[
		'cut short',
		(path: string) => truncateSync(path, 3_000_000),
		`changed while it was read: ${bytes.length} bytes were announced, 3000000 came`,
	],
])('a file that is %s before the next attempt is named as the cause', async (_how, harm, what) => {
	scene.simulator.faults.next({ path: upload, errcode: -1 });
	pauses.onPause = () => storedFiles().forEach(harm);
	const { error } = await scene.run({ items });
	expect(error?.message).toBe(`'员工手册.bin' ${what} [item 0]`);
	expect(error?.description).toMatch(/^The stored binary is damaged or already deleted/);
	expect(scene.simulator.state.media.all()).toEqual([]);
	expect(scene.simulator.record.count(upload)).toBeLessThanOrEqual(2);
});

test('no file stays open, whatever became of the uploads', async () => {
	const before = openFiles();
	scene.simulator.faults.next({ path: upload, cut: 'onArrival', times: 4 });
	scene.simulator.faults.next({ path: upload, errcode: 45009 });
	scene.simulator.faults.next({ path: upload, status: 413, body: 'too large' });
	for (let round = 0; round < 4; round += 1) await scene.run({ items });
	expect(scene.simulator.record.count(upload)).toBe(7);
	await until(() => openFiles() === before);
});
