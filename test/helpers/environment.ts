/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { Container } from '@n8n/di';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/*
 * n8n-core reads its settings while it is being loaded, so this file must be imported before it. A
 * developer's own n8n settings and proxies must not reach the tests: the first would let them write
 * into that person's n8n folder, the second would send loopback requests through a proxy.
 */
for (const name of Object.keys(process.env)) {
	if (/^N8N_/.test(name) || /^(https?|all|no)_proxy$/i.test(name)) delete process.env[name];
}

/** Where the engine under test keeps its settings and binary files; gone when the tests are done. */
export const userFolder = mkdtempSync(join(tmpdir(), 'wecom-media-engine-'));

Object.assign(process.env, {
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'made-up-key-of-the-engine-under-test',
	N8N_LOG_LEVEL: 'debug',
	// Lines are collected by logs.ts; an empty list of outputs keeps them off the terminal.
	N8N_LOG_OUTPUT: '',
});
// What an earlier test file of the same worker made has other settings.
Container.reset();

export function removeUserFolder(): void {
	rmSync(userFolder, { recursive: true, force: true });
}

// Test files that only borrow a type or a function of the engine never start it, and so never stop it.
if (typeof afterAll === 'function') afterAll(removeUserFolder);
