/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureRoom, missingCompilers } from '../../scripts/lib/room.cjs';

const REMEDY = 'Name another folder in N8N_WECOM_CACHE.';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'wecom-media-room-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder that is not there yet is made', async () => {
	await ensureRoom(join(folder, 'a', 'b'), 1, REMEDY);
});

test('a file where a folder should be is named with what to do', async () => {
	const file = join(folder, 'file');
	writeFileSync(file, '');
	const path = join(file, 'cache');
	await expect(ensureRoom(path, 1, REMEDY)).rejects.toThrow(
		`Cannot write to the folder ${path} (ENOTDIR). ${REMEDY}`,
	);
});

test('a disk that is too full is named with both figures', async () => {
	await expect(ensureRoom(folder, 3.5e9, REMEDY, async () => 1.24e9)).rejects.toThrow(
		`The disk of ${folder} has 1.2 GB free; 3.5 GB are needed. ${REMEDY}`,
	);
	await ensureRoom(folder, 3.5e9, REMEDY, async () => 3.5e9);
});

test('what is missing for compiling is found out', async () => {
	const tool = (...path: string[]) => {
		const file = join(folder, ...path);
		mkdirSync(join(file, '..'), { recursive: true });
		writeFileSync(file, '');
		chmodSync(file, 0o755);
	};
	const path = [join(folder, 'a'), join(folder, 'b')].join(delimiter);
	expect(await missingCompilers(path)).toEqual(['python3', 'make', 'g++']);
	tool('a', 'python3');
	tool('b', 'clang++');
	expect(await missingCompilers(path)).toEqual(['make']);
	tool('b', 'make');
	expect(await missingCompilers(path)).toEqual([]);
});
