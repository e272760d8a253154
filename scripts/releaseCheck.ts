/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packedPanel } from './lib/packedPanel';
import { buildPackage, manifestOf, packPackage, unpackAlone } from './lib/packageTarball';
import { endAll } from './lib/processes';
import {
	checkDocuments,
	checkOffered,
	checkOwner,
	checkPanel,
	checkScan,
	checkTag,
	checkTarball,
	type Check,
	type PackedRelease,
	type SnapshotMode,
} from './lib/releaseChecks';
import { Steps } from './lib/steps';
import { table } from './lib/table';

/** The oldest and the newest n8n that the READMEs promise. */
const N8N_VERSIONS = ['2.8.4', '2.41.1'];

const USAGE = `npm run release:check [-- --accept | --frozen | --publish]

Builds, packs and looks at what would be published, loads it in n8n ${N8N_VERSIONS.join(' and ')}, and compares its panel
with that of the last release (test/fixtures/panel.json). Additions are written to that file.
  --accept  also writes what saved workflows lose, which otherwise is a failure
  --frozen  writes nothing; additions that the file does not know are a failure
  --publish the same, and whoever publishes must have filled in who they are`;

async function main(args: string[]): Promise<void> {
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(name, () => void endAll().then(() => process.exit(130)));
	}
	const known = ['--accept', '--frozen', '--publish'];
	if (args.some((argument) => !known.includes(argument)) || args.length > 1) {
		console.log(USAGE);
		process.exitCode = args.includes('--help') ? 0 : 1;
		return;
	}
	const isPublishing = args[0] === '--publish';
	const mode = isPublishing ? 'frozen' : ((args[0]?.slice(2) ?? 'additions') as SnapshotMode);
	const checks = await checkRelease(mode, isPublishing);
	console.log(`\n${table(['check', 'result', ''], checks.map(rowOf))}`);
	for (const { title, details = [] } of checks.filter(({ details: lines }) => lines?.length)) {
		console.log(`\n${title}:\n${details.map((line) => `- ${line}`).join('\n')}`);
	}
	const failed = checks.filter(({ passed }) => !passed).length;
	console.log(failed === 0 ? '\nMay be released.' : `\nMay not be released: ${failed} failed.`);
	process.exitCode = failed === 0 ? 0 : 1;
}

const rowOf = ({ title, result, passed }: Check) => [title, result, passed ? '✓' : '✗'];

async function checkRelease(mode: SnapshotMode, isPublishing: boolean): Promise<Check[]> {
	const steps = new Steps(3 + N8N_VERSIONS.length);
	const temporary = await mkdtemp(join(tmpdir(), 'wecom-media-release-'));
	try {
		await steps.run('Build the nodes', buildPackage);
		const release = await steps.run('Pack the nodes as for npm', async () => await pack(temporary));
		const checks = [
			await checkDocuments(release),
			await checkTag(release),
			...(await checkTarball(release)),
			checkOwner(release, isPublishing),
			checkPanel(release, mode),
			...(await steps.run("Run n8n's scanner", async () => await checkScan(release))),
		];
		for (const version of N8N_VERSIONS) {
			checks.push(
				await steps.run(
					`Load the nodes in n8n ${version}`,
					async (progress) => await checkOffered(release, version, progress),
				),
			);
		}
		return checks;
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

async function pack(folder: string): Promise<PackedRelease> {
	const tarball = await packPackage(folder);
	const unpacked = await unpackAlone(tarball, folder);
	return {
		tarball,
		folder: unpacked,
		manifest: await manifestOf(unpacked),
		panel: await packedPanel(unpacked),
	};
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
