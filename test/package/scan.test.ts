/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanPackages, type ScanResult } from '../../scripts/lib/packageScan';
import { projectRoot } from '../helpers/packageTypes';
import { packPackage } from './packed';

let results: Record<'source' | 'published' | 'badSource' | 'badPublished', ScanResult>;

beforeAll(async () => {
	const packed = packPackage();
	const temporary = mkdtempSync(join(tmpdir(), 'wecom-media-scan-'));
	try {
		const badSource = join(temporary, 'source');
		mkdirSync(join(badSource, 'nodes', 'Sample'), { recursive: true });
		cpSync(join(projectRoot, 'package.json'), join(badSource, 'package.json'));
		writeFileSync(join(badSource, 'nodes', 'Sample', 'a.ts'), "import { rmSync } from 'fs';\n");
		const badPublished = join(temporary, 'published');
		mkdirSync(join(badPublished, 'dist'), { recursive: true });
		cpSync(join(packed.folder, 'package.json'), join(badPublished, 'package.json'));
		writeFileSync(join(badPublished, 'dist', 'a.js'), "const fs = require('fs');\n");

		const [source, published, ...bad] = await scanPackages([
			{ leg: 'source', folder: projectRoot },
			{ leg: 'tarball', folder: packed.folder },
			{ leg: 'source', folder: badSource },
			{ leg: 'tarball', folder: badPublished },
		]);
		results = { source, published, badSource: bad[0], badPublished: bad[1] };
	} finally {
		packed.remove();
		rmSync(temporary, { recursive: true, force: true });
	}
}, 180_000);

test("n8n's scanner passes the source", () => {
	expect(results.source).toEqual({ passed: true });
});

test("n8n's scanner passes what would be published", () => {
	expect(results.published).toEqual({ passed: true });
});

test("the lint has n8n's rules as they come, which strict mode asks for", () => {
	const words = (path: string) => readFileSync(join(projectRoot, path), 'utf8').split(/\s+/);
	const template = 'node_modules/@n8n/node-cli/dist/template/templates/shared/default';
	expect(words('eslint.config.mjs')).toEqual(words(`${template}/eslint.config.mjs`));
});

test.each(['badSource', 'badPublished'] as const)(
	'the scan notices a node that deletes files (%s)',
	(sample) => {
		expect(results[sample]).toMatchObject({
			passed: false,
			message: 'ESLint violations found',
			details: expect.stringContaining('no-restricted-imports'),
		});
	},
);
