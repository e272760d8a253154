/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { Editor, type Theme } from '../../test/browser/editor';
import { still } from '../../test/browser/still';
import type { CredentialReference } from '../../test/e2e/rest';
import { OWNER, startWorld, type World } from '../../test/e2e/world';
import { openBrowser } from '../lib/browser';
import { projectRoot } from '../lib/cache';
import { demoCredentials } from '../lib/demoWorld';
import type { Area } from '../lib/png';
import { smallPng } from '../lib/smallPng';

export type { Area } from '../lib/png';

/** High enough for the longest panel without scrolling; in CSS pixels. */
const VIEWPORT = { width: 1360, height: 1700 };

/** One picture; `path` is where it belongs in the project. */
export interface Picture {
	path: string;
	theme?: Theme;
	/** Only taken when it is asked for by name. */
	onRequest?: boolean;
	/** @returns the part of the page that is the picture, in CSS pixels */
	show(editor: Editor, studio: Studio): Promise<{ page: Page; clip: Area }>;
}

/** A real n8n with the demo's credentials, and its editor in both themes. */
export class Studio {
	private readonly editors = new Map<Theme, Editor>();

	private constructor(
		readonly world: World,
		readonly browser: Browser,
		/** By the ids that the examples refer to. */
		readonly credentials: Map<string, CredentialReference>,
		private readonly folder: string,
	) {}

	static async open(): Promise<Studio> {
		const browser = await openBrowser();
		const world = await startWorld();
		const { simulator, rest } = world;
		const credentials = new Map<string, CredentialReference>();
		for (const { id, name, type, data } of demoCredentials(simulator.demo, simulator.url)) {
			credentials.set(id, await rest.createCredential(type, data, name));
		}
		const folder = process.env.SCREENSHOT_FOLDER ?? projectRoot;
		return new Studio(world, browser, credentials, folder);
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.world.close();
	}

	/** Takes one picture; gives its size in bytes. */
	async take({ path, theme = 'light', show }: Picture): Promise<number> {
		const editor = await this.editor(theme);
		await editor.page.setViewportSize(VIEWPORT);
		const { page, clip } = await show(editor, this);
		const png = smallPng(await still(page, clip));
		const file = join(this.folder, path);
		await mkdir(dirname(file), { recursive: true });
		await writeFile(file, png);
		return png.length;
	}

	private async editor(theme: Theme): Promise<Editor> {
		const open = this.editors.get(theme);
		if (open) return open;
		const options = { theme, viewport: VIEWPORT, scale: 1.5 };
		const editor = await Editor.open(this.browser, this.world.n8n.url, OWNER, options);
		this.editors.set(theme, editor);
		return editor;
	}
}

/** The area of a part of the page. */
export async function areaOf(part: Locator): Promise<Area> {
	const area = await part.boundingBox();
	if (!area) throw new Error('What the picture is of cannot be seen');
	return area;
}

/** The area that holds all of these, with a margin around it. */
export function around(areas: Area[], margin: number): Area {
	const x = Math.min(...areas.map((area) => area.x)) - margin;
	const y = Math.min(...areas.map((area) => area.y)) - margin;
	const right = Math.max(...areas.map((area) => area.x + area.width)) + margin;
	const bottom = Math.max(...areas.map((area) => area.y + area.height)) + margin;
	return { x, y, width: right - x, height: bottom - y };
}
