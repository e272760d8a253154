/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../helpers/packageTypes';
import { projectFiles } from '../package/projectFiles';
import { createRunFolder, removeRunFolder, runFolder, SHARED } from '../setup/runFolder';

describe('the temporary folder of a run of the tests', () => {
	const around = { ...process.env };
	beforeEach(() => createRunFolder());
	afterEach(() => Object.assign(process.env, around));

	test('is gone after the run, with what the run shared in it', () => {
		mkdirSync(join(tmpdir(), SHARED));
		const folder = String(runFolder());
		removeRunFolder();
		expect(existsSync(folder)).toBe(false);
	});

	test('fails the run and names what a test has left in it', () => {
		const left = mkdtempSync(join(tmpdir(), 'wecom-media-engine-'));
		expect(() => removeRunFolder()).toThrow(/left files behind: wecom-media-engine-\w+$/);
		expect(existsSync(left)).toBe(false);
	});
});

test('no test compares two moments of the wall clock, which a busy machine moves apart', () => {
	const now = String.raw`(Date|performance)\.now\(\)`;
	const moment = new RegExp(`${now}\\s*[-<>]|(?<!=)[-<>]\\s*${now}|h[r]time`);
	const inRealN8n = /^test\/(e2e|queue|browser|soak)\//;
	const found = projectFiles('test/')
		.filter((path) => path.endsWith('.test.ts') && !inRealN8n.test(path))
		.filter((path) => moment.test(readFileSync(join(projectRoot, path), 'utf8')));
	expect(found).toEqual([]);
});
