/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { posix } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { errorRows } from '../../scripts/lib/docsTables';
import { generatedPages, readMeanings } from '../../scripts/lib/docs';
import { loadPackageTypes } from '../helpers/packageTypes';
import { projectFiles, readProjectFile } from './projectFiles';

const files = projectFiles();
const pages = files.filter((path) => path.endsWith('.md'));
const textOf = (path: string) => readProjectFile(path).toString('utf8');
const withoutCode = (text: string) => text.replace(/```[^]*?```/g, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
	const headings = [...withoutCode(textOf(page)).matchAll(/^#+ (.+)$/gm)];
	return headings.map(([, title]) =>
		title
			.toLowerCase()
			.replace(/[`*_]/g, '')
			.replace(/[^\p{L}\p{N}\s-]/gu, '')
			.trim()
			.replace(/\s/g, '-'),
	);
}

/** What a page links to inside this project. */
function linksOf(page: string): string[] {
	const text = withoutCode(textOf(page));
	const named = [...text.matchAll(/\]\(([^)\s]+)\)|(?:href)="([^"]+)"/g)];
	return named.map(([, markdown, html]) => markdown ?? html).filter((to) => !/^[a-z]+:/.test(to));
}

function isBroken(page: string, link: string): boolean {
	const [path, anchor] = link.split('#');
	const target = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path));
	const isThere = files.includes(target) || files.some((file) => file.startsWith(`${target}/`));
	if (!isThere) return true;
	return anchor !== undefined && !anchorsOf(target).includes(decodeURI(anchor));
}

test('every link between the pages leads to a page and a heading that are there', () => {
	const links = pages.flatMap((page) => linksOf(page).map((link) => [page, link] as const));
	expect(links.length).toBeGreaterThan(200);
	expect(links.filter(([page, link]) => isBroken(page, link))).toEqual([]);
});

test('the pages name every n8n that the tests can run in', () => {
	const installed = files.map((path) => /^test\/e2e\/n8n-(\S+)\/package\.json$/.exec(path)?.[1]);
	const versions = installed.filter((version) => version !== undefined);
	expect(versions.length).toBeGreaterThan(2);
	const missing = (page: string, list: string[]) =>
		list.filter((version) => !textOf(page).includes(version));
	expect(missing('CONTRIBUTING.md', versions)).toEqual([]);
	const minors = versions.map((version) => version.split('.').slice(0, 2).join('.'));
	const tables = ['README.md', 'README.zh-CN.md', 'docs/upgrading.md', 'docs/zh-CN/upgrading.md'];
	for (const page of tables) expect([page, missing(page, minors)]).toEqual([page, []]);
});

/** Where the pages are on GitHub, by package.json alone. */
const { repository } = JSON.parse(textOf('package.json')) as { repository: { url: string } };
const HOME = `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/main/`;

/** What a file that is no page links to on GitHub. */
function urlsOf(path: string, pattern: RegExp): string[] {
	return [...textOf(path).matchAll(pattern)]
		.map(([, single, double]) => single ?? double)
		.filter((url) => url.includes('github.com'));
}

test("every link of the nodes' and credentials' Docs leads to a page and a heading that are there", () => {
	const sources = files.filter((path) => /^(nodes|credentials)\/.*\.(ts|json)$/.test(path));
	const links = sources.flatMap((path) => urlsOf(path, /'(https:[^']+)'|"(https:[^"]+)"/g));
	expect(links.length).toBeGreaterThan(6);
	expect(links.filter((url) => !url.startsWith(HOME))).toEqual([]);
	const inside = links.map((url) => url.slice(HOME.length));
	expect(inside.filter((link) => isBroken('README.md', link))).toEqual([]);
});

test('every link of the issue forms leads to a page and a heading that are there', () => {
	const forms = files.filter((path) => path.startsWith('.github/ISSUE_TEMPLATE/'));
	const links = forms.flatMap((path) => urlsOf(path, /(https:[^\s)]+)/g));
	expect(links.length).toBeGreaterThan(2);
	expect(links.filter((url) => isBroken('README.md', url.replace(HOME, '')))).toEqual([]);
});

test('every page of docs/ is there in both languages, and each is listed', () => {
	const inEnglish = pages.filter((path) => /^docs\/[^/]+$/.test(path));
	expect(inEnglish.length).toBeGreaterThan(12);
	for (const page of inEnglish) {
		const name = posix.basename(page);
		const chinese = `docs/zh-CN/${name}`;
		expect(pages).toContain(chinese);
		const other = name === 'README.md' ? 'zh-CN/README.md' : `zh-CN/${name}`;
		expect(linksOf(page)).toContain(other);
		expect(linksOf(chinese)).toContain(`../${name}`);
		if (name === 'README.md') continue;
		expect(linksOf('docs/README.md')).toContain(name);
		expect(linksOf('docs/zh-CN/README.md')).toContain(name);
	}
});

test('the READMEs are short enough to be read', () => {
	expect(textOf('README.md').split(/\s+/).length).toBeLessThanOrEqual(1500);
	expect(textOf('README_zh-CN.md').match(/\p{Script=Han}/gu)!.length).toBeLessThanOrEqual(3000);
});

test.each(['README.md', 'README_zh-CN.md'])(
	'%s names what n8n 3 and a reverse proxy need to be told',
	(path) => {
		for (const name of ['N8N_UNVERIFIED_PACKAGES_ENABLED', 'N8N_WEBHOOK_URL', 'WEBHOOK_URL`']) {
			expect(textOf(path)).toContain(name);
		}
	},
);

/** Labels of all fields and options of the panels and dialogs; a list's choices are explained beside it. */
async function labels(): Promise<string[]> {
	const { nodeTypes, credentialTypes } = await loadPackageTypes();
	const nodes = Object.values(nodeTypes).map(({ description }) => description);
	const all = [...nodes, ...credentialTypes].flatMap(({ properties }) => fieldsIn(properties));
	return [...new Set(all.map(({ displayName }) => displayName))];
}

function fieldsIn(properties: INodeProperties[]): INodeProperties[] {
	return properties
		.filter(({ type }) => !['notice', 'hidden'].includes(type))
		.flatMap((property) => {
			const inner = (property.options ?? []).flatMap((option) => {
				if ('values' in option) return option.values;
				return 'type' in option ? [option] : [];
			});
			return [property, ...fieldsIn(inner)];
		});
}

test.each([
	['English', /^docs\/[^/]+\.md$/],
	['Chinese', /^docs\/zh-CN\/[^/]+\.md$/],
])('every field of the panels and dialogs is explained in %s', async (_language, where) => {
	const text = pages
		.filter((path) => where.test(path))
		.map(textOf)
		.join('\n');
	const named = await labels();
	expect(named.length).toBeGreaterThan(40);
	expect(named.filter((label) => !text.includes(label))).toEqual([]);
});

test.each(['README.md', 'README_zh-CN.md'])('%s lists all operations', async (readme) => {
	const text = textOf(readme);
	const named = await operationNames();
	expect(named.length).toBeGreaterThan(12);
	expect(named.filter((name) => !text.includes(name))).toEqual([]);
});

async function operationNames(): Promise<string[]> {
	const { nodeTypes } = await loadPackageTypes();
	const all = Object.values(nodeTypes).flatMap(({ description }) => description.properties);
	const names = all
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options = [] }) => options.map(({ name }) => name));
	return [...new Set(names)];
}

/** Sizes, times and shares; `2 to 2,000 members` or a version are none. */
const FIGURE =
	/\d\s?(?:%|ms|s|seconds?|minutes?|hours?|days?|bytes|[kKMG]i?B|毫秒|秒|分钟|小时|天|字节)(?![A-Za-z])/;
const COMMANDS = /`(npm (?:start|test|run [\w:]+)|npx jest)((?: [^`]*)?)`/g;

describe('what has a figure has the command that shows it', () => {
	// The lists of pages repeat what stands there.
	const withFigures = pages
		.filter((page) => /^(README|docs\/)/.test(page) && !page.endsWith('/README.md'))
		.filter((page) => FIGURE.test(textOf(page)));

	test('on every page', () => {
		expect(withFigures.length).toBeGreaterThan(25);
		expect(withFigures.filter((page) => !textOf(page).match(COMMANDS))).toEqual([]);
	});

	test('and the scripts and tests that pages name are there', () => {
		const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
		const wrong = pages.flatMap((page) =>
			[...textOf(page).matchAll(COMMANDS)]
				.filter(([, command, rest]) =>
					command === 'npx jest'
						? !rest.trim().split(' ').every(hasTests)
						: !(command.replace(/^npm (run )?/, '') in scripts),
				)
				.map(([command]) => `${page}: ${command}`),
		);
		expect(wrong).toEqual([]);
	});

	const hasTests = (start: string) =>
		files.some((path) => path.startsWith(start) && path.endsWith('.test.ts'));
});

test('what is made from the code stands in the pages as it is made: npm run docs writes it', async () => {
	const made = await generatedPages();
	expect(Object.keys(made)).toHaveLength(4);
	for (const [path, text] of Object.entries(made)) expect(textOf(path)).toBe(text);
});

test('every meaning of an errcode has its Chinese in docs/zh-CN/errors.json', async () => {
	const meanings = await readMeanings();
	const rows = errorRows('zh');
	expect(rows.length).toBeGreaterThan(100);
	expect(rows.filter(({ meaning }) => !meanings[meaning])).toEqual([]);
	const used = new Set(rows.map(({ meaning }) => meaning));
	expect(Object.keys(meanings).filter((meaning) => !used.has(meaning))).toEqual([]);
});
