/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { ownEnvironment, run } from './processes';

export interface ScanResult {
	passed: boolean;
	message?: string;
	details?: string;
}

/** What is scanned: a folder of sources, or one that a tarball was unpacked into. */
export interface ScanTarget {
	leg: 'source' | 'tarball';
	folder: string;
}

/**
 * Runs n8n's own verification scan, which lints with n8n's rules. It is an ES module that jest's sandbox cannot load,
 * hence the program of its own.
 */
export async function scanPackages(targets: ScanTarget[]): Promise<ScanResult[]> {
	const script = join(projectRoot, 'scripts', 'lib', 'scan.mjs');
	const folders = targets.map(({ leg, folder }) => `${leg}:${folder}`);
	// The scanner makes a temporary folder for downloads as soon as it is loaded, and leaves it behind.
	const temporary = mkdtempSync(join(tmpdir(), 'wecom-media-scanner-'));
	try {
		const env = { ...ownEnvironment(), TMPDIR: temporary, TEMP: temporary, TMP: temporary };
		const printed = await run(process.execPath, [script, ...folders], { cwd: projectRoot, env });
		return JSON.parse(printed) as ScanResult[];
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}
