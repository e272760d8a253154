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
	author?: { name: string; email: string };
	repository?: { url: string };
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

/**
 * The package is developed without an owner; whoever publishes it fills in who they are. n8n asks for an author with a
 * mail address, and for a repository whose owner is the one that publishes on npm.
 *
 * @returns sentences that name the fields which still hold the package's own name instead
 */
export function ownerFieldsToFill({ name, author, repository }: PackedManifest): string[] {
	const owner = /github\.com\/([^/]+)\//.exec(repository?.url ?? '')?.[1] ?? '';
	const fields: Array<[field: string, value: string, what: string, isFilled: boolean]> = [
		['author.name', author?.name ?? '', 'your name', !author?.name.startsWith(name)],
		['author.email', author?.email ?? '', 'your address', !author?.email.startsWith(`${name}@`)],
		[
			'repository.url',
			repository?.url ?? '',
			'your GitHub account or organization',
			owner !== name,
		],
	];
	return fields
		.filter(([, value, , isFilled]) => value === '' || !isFilled)
		.map(([field, value, what]) => `package.json ${field} is "${value}": put ${what} there.`);
}

/** @returns the heading under which the changelog tells of a version, or undefined if it says nothing of it */
export function changelogSection(changelog: string, version: string): string | undefined {
	const sections = changelog.split(/^## /m).slice(1);
	const saysSomething = (name: string) =>
		sections.some((text) => text.startsWith(`[${name}]`) && /^\s*- \S/m.test(text));
	return [version, 'Unreleased'].find(saysSomething);
}
