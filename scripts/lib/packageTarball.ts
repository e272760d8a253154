/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { npmEnvironment, run } from './processes';
import type { PackedManifest } from './releaseRules';

export async function buildPackage(): Promise<void> {
	await run(process.execPath, [join(projectRoot, 'scripts', 'build.mjs')], { cwd: projectRoot });
}

/** Packs the built package into a folder as npm would publish it; gives the tarball's path. */
export async function packPackage(folder: string): Promise<string> {
	const printed = await run(
		'npm',
		['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
		{ cwd: projectRoot, env: npmEnvironment() },
	);
	return join(folder, tarballName(printed));
}

/** npm up to 11 prints a list of packages here, later ones an object by package name. */
function tarballName(json: string): string {
	const [{ filename }] = Object.values(JSON.parse(json) as Record<string, { filename: string }>);
	return filename;
}

/** Unpacks a tarball where n8n keeps community packages; n8n loads all of that folder at start. */
export async function unpackPackage(tarball: string, n8nUserFolder: string): Promise<void> {
	await unpackInto(tarball, join(n8nUserFolder, '.n8n', 'nodes', 'node_modules'));
}

/** Unpacks a tarball where its code finds n8n-workflow and nothing else; gives the package's folder. */
export async function unpackAlone(tarball: string, folder: string): Promise<string> {
	const modules = join(folder, 'node_modules');
	const target = await unpackInto(tarball, modules);
	const installed = join(projectRoot, 'node_modules', 'n8n-workflow');
	await symlink(installed, join(modules, 'n8n-workflow'), 'junction');
	return target;
}

async function unpackInto(tarball: string, modules: string): Promise<string> {
	const { name } = await manifestOf(projectRoot);
	const target = join(modules, name);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
	const { n8n } = await manifestOf(target);
	const missing = [...n8n.nodes, ...n8n.credentials].filter(
		(file) => !existsSync(join(target, file)),
	);
	if (missing.length > 0) throw new Error(`The packed package lacks ${missing.join(', ')}.`);
	return target;
}

/** The package.json of a folder. */
export async function manifestOf(folder: string): Promise<PackedManifest> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackedManifest;
}
