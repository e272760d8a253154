/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIdentical, type RoundTrip } from '../../scripts/lib/exampleRun';
import { projectRoot } from '../helpers/packageTypes';
import { packPackage, run } from './packed';

test('`npm start` first forwards a file in both ways with the packages of the clone, no n8n being there', () => {
	const packed = packPackage();
	const cache = mkdtempSync(join(tmpdir(), 'wecom-media-no-n8n-'));
	try {
		const script = join('scripts', 'firstProof.ts');
		const settings = { N8N_WECOM_CACHE: cache };
		const args = ['--import', 'tsx', script, packed.folder];
		const trips = JSON.parse(run(process.execPath, args, projectRoot, settings)) as RoundTrip[];
		expect(trips.map(({ way }) => way)).toEqual(['group robot', 'corp app and back']);
		for (const trip of trips) expect(isIdentical(trip)).toBe(true);
		expect(readdirSync(cache)).toEqual([]);
	} finally {
		rmSync(cache, { recursive: true, force: true });
		packed.remove();
	}
}, 180_000);
