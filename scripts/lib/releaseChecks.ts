/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { offeredBy } from './offered';
import { scanPackages } from './packageScan';
import type { Panel } from './panel';
import { comparePanels } from './panelChanges';
import { readSnapshot, SNAPSHOT_FILE, writeSnapshot } from './panelSnapshot';
import { capture } from './processes';
import {
	changelogSection,
	MAX_TARBALL_BYTES,
	ownerFieldsToFill,
	runtimeDependencies,
	type PackedManifest,
} from './releaseRules';
import type { Progress } from './steps';

/** One line of the table at the end. */
export interface Check {
	title: string;
	passed: boolean;
	/** A few words for the table. */
	result: string;
	/** Whole sentences, shown under the table. */
	details?: string[];
}

export interface PackedRelease {
	tarball: string;
	/** Where it was unpacked. */
	folder: string;
	manifest: PackedManifest;
	panel: Panel;
}

/** What may happen to the snapshot: additions are written, also breaks are, nothing is. */
export type SnapshotMode = 'additions' | 'accept' | 'frozen';

export async function checkDocuments({ manifest }: PackedRelease): Promise<Check> {
	const changelog = await readFile(join(projectRoot, 'CHANGELOG.md'), 'utf8');
	const section = changelogSection(changelog, manifest.version);
	return {
		title: 'CHANGELOG.md',
		passed: section !== undefined,
		result: section ? `tells of ${section}` : `has nothing of ${manifest.version} or Unreleased`,
	};
}

/** A version is tagged once; in the workflow that publishes, its tag is the commit at hand. */
export async function checkTag({ manifest: { version } }: PackedRelease): Promise<Check> {
	const title = 'version tag';
	const git = async (...args: string[]) => {
		const { code, stdout } = await capture('git', args, { cwd: projectRoot });
		return code === 0 ? stdout.trim() : undefined;
	};
	const head = await git('rev-parse', '--verify', '--quiet', 'HEAD');
	if (!head) return { title, passed: true, result: 'not looked at: no git here' };
	const tagged = await git('rev-parse', '--verify', '--quiet', `refs/tags/${version}^{commit}`);
	const isFree = tagged === undefined || tagged === head;
	const of = tagged ? 'this commit' : 'free';
	return {
		title,
		passed: isFree,
		result: isFree ? `${version} is ${of}` : `${version} is another commit (${tagged.slice(0, 8)})`,
		details: isFree ? [] : [`Version ${version} is tagged already: raise it in package.json.`],
	};
}

export async function checkTarball({ tarball, manifest }: PackedRelease): Promise<Check[]> {
	const { size } = await stat(tarball);
	const brought = runtimeDependencies(manifest);
	const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
	return [
		{
			title: 'size of the tarball',
			passed: size < MAX_TARBALL_BYTES,
			result: `${kB(size)} of at most ${kB(MAX_TARBALL_BYTES)}`,
		},
		{
			title: 'runtime dependencies',
			passed: brought.length === 0,
			result: brought.length === 0 ? 'none' : brought.join(', '),
		},
	];
}

/** Who publishes: a remark until somebody does. */
export function checkOwner({ manifest }: PackedRelease, isPublishing: boolean): Check {
	const missing = ownerFieldsToFill(manifest);
	const alsoNamed =
		'The same account stands in homepage and bugs, in the codex files and in the documentationUrl of every credential; npm test says which are left.';
	return {
		title: 'fields of the owner',
		passed: missing.length === 0 || !isPublishing,
		result: missing.length === 0 ? 'filled in' : `${missing.length} to fill in before publishing`,
		details: missing.length === 0 ? [] : [...missing, alsoNamed],
	};
}

export async function checkScan({ folder }: PackedRelease): Promise<Check[]> {
	const results = await scanPackages([
		{ leg: 'source', folder: projectRoot },
		{ leg: 'tarball', folder },
	]);
	return results.map(({ passed, message = '', details = '' }, index) => ({
		title: `n8n's scanner, ${index === 0 ? 'source' : 'tarball'}`,
		passed,
		result: passed ? 'passed' : message,
		details: details ? [details] : [],
	}));
}

/** Whether a real n8n offers everything that package.json lists. */
export async function checkOffered(
	{ tarball, manifest, panel }: PackedRelease,
	version: string,
	progress: Progress,
): Promise<Check> {
	const wanted = { nodes: Object.keys(panel.nodes), credentials: Object.keys(panel.credentials) };
	const offered = await offeredBy(version, tarball, manifest.name, progress);
	const missing = [
		...wanted.nodes.filter((name) => !offered.nodes.includes(name)),
		...wanted.credentials.filter((name) => !offered.credentials.includes(name)),
	];
	const found = `${wanted.nodes.length} nodes, ${wanted.credentials.length} credentials`;
	return {
		title: `in n8n ${version} on Node ${offered.node}`,
		passed: missing.length === 0,
		result: missing.length === 0 ? found : `not offered: ${missing.join(', ')}`,
	};
}

/** Compares the panel with the last release's and keeps the snapshot as `mode` says. */
export function checkPanel({ panel, manifest }: PackedRelease, mode: SnapshotMode): Check {
	const snapshot = readSnapshot();
	const { breaks, additions } = comparePanels(snapshot, panel);
	const title = `panel of ${snapshot.version}`;
	const counts = `${breaks.length} breaks, ${additions.length} additions`;
	const record = () => writeSnapshot({ version: manifest.version, ...panel });
	if (breaks.length > 0 && mode !== 'accept') {
		return { title, passed: false, result: counts, details: [...breaks, ...additions] };
	}
	if (mode === 'frozen') {
		const isRecorded = additions.length === 0;
		const advice = `${SNAPSHOT_FILE} does not know them: npm run release:check writes them, commit it.`;
		const details = isRecorded ? [] : [...additions, advice];
		return { title, passed: isRecorded, result: counts, details };
	}
	record();
	const details = breaks.length + additions.length > 0 ? [`Commit ${SNAPSHOT_FILE}.`] : [];
	const accepted = breaks.map((sentence) => `Accepted: ${sentence}`);
	return { title, passed: true, result: counts, details: [...accepted, ...additions, ...details] };
}
