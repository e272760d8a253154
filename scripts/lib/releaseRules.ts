/** Bytes of the .tgz. */
export const MAX_TARBALL_BYTES = 150_000;

/** What package.json of the packed package says of other packages. */
export interface PackedManifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	peerDependenciesMeta?: Record<string, { optional?: boolean }>;
	bundledDependencies?: string[];
	bundleDependencies?: string[];
	n8n: { nodes: string[]; credentials: string[] };
}

/** @returns the packages that an installation would bring along; n8n verifies only packages without any */
export function runtimeDependencies(manifest: PackedManifest): string[] {
	return [
		...Object.keys(manifest.dependencies ?? {}),
		...Object.keys(manifest.optionalDependencies ?? {}),
		...(manifest.bundledDependencies ?? manifest.bundleDependencies ?? []),
	];
}

/** @returns the heading under which the changelog tells of a version, or undefined if it says nothing of it */
export function changelogSection(changelog: string, version: string): string | undefined {
	const sections = changelog.split(/^## /m).slice(1);
	const saysSomething = (name: string) =>
		sections.some((text) => text.startsWith(`[${name}]`) && /^\s*- \S/m.test(text));
	return [version, 'Unreleased'].find(saysSomething);
}
