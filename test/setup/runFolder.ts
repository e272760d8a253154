/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** The temporary folder of one run of jest: whatever tests create lies in it, and nothing may be left at the end. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'WECOM_MEDIA_RUN_FOLDER';
/** By these variables Node finds the temporary folder on every system. */
const TEMPORARY = ['TMPDIR', 'TEMP', 'TMP'];
/** What is made once for several test files. */
export const SHARED = 'shared';
/** Caches of tools that the tests start. */
const CACHES = /^(tsx-|node-compile-cache|jest|haste-map)/;

/** @returns the folder of this run; undefined where jest was started without its set-up */
export function runFolder(): string | undefined {
	return process.env[NAME];
}

/** jest's globalSetup: its workers start later and see the same folder. */
export function createRunFolder(): void {
	const folder = mkdtempSync(join(tmpdir(), 'wecom-media-jest-'));
	process.env[NAME] = folder;
	for (const name of TEMPORARY) process.env[name] = folder;
}

/**
 * jest's globalTeardown.
 *
 * @throws when a test has left files behind
 */
export function removeRunFolder(): void {
	const folder = runFolder();
	if (folder === undefined) return;
	const left = readdirSync(folder).filter((name) => name !== SHARED && !CACHES.test(name));
	rmSync(folder, { recursive: true, force: true });
	if (left.length > 0) throw new Error(`Tests have left files behind: ${left.join(', ')}`);
}
