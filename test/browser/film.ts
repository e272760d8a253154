/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Editor } from './editor';
import { still } from './still';

/** Small enough to be read where a page shows it; in CSS pixels. */
export const SCREEN = { width: 1120, height: 700 };

/** Fills the screen with a small page. */
const FILLED = 'body { display: flex; justify-content: center; background: #eef0f3; zoom: 1.5; }';

/**
 * Keeps what is to be seen, step by step, where WECOM_BROWSER_FILM names a folder: `name.01.1200.png` is the first frame,
 * to be seen for 1,200 ms. Elsewhere the steps are only done.
 */
export class Film {
	private count = 0;

	constructor(
		private readonly name: string,
		private readonly editor: Editor,
	) {}

	async frame(ms: number, page: Page = this.editor.page): Promise<void> {
		const folder = process.env.WECOM_BROWSER_FILM;
		if (!folder) return;
		const number = String((this.count += 1)).padStart(2, '0');
		await writeFile(join(folder, `${this.name}.${number}.${ms}.png`), await still(page));
	}

	/** A page of its own, such as the chat in which a file arrives. */
	async page(html: string, ms: number): Promise<void> {
		const page = await this.editor.page.context().newPage();
		await page.setViewportSize(SCREEN);
		await page.setContent(html);
		await page.addStyleTag({ content: FILLED });
		await this.frame(ms, page);
		await page.close();
	}

	/** Shows where the click goes, then clicks. */
	async click(what: Locator, ms = 1_100): Promise<void> {
		await this.point(what, ms);
		await what.click();
	}

	async point(what: Locator, ms = 1_100): Promise<void> {
		// Where it comes to rest.
		await what.click({ trial: true });
		const ring = await what.evaluateHandle((element) => {
			const { x, y, width, height } = element.getBoundingClientRect();
			const mark = element.ownerDocument.createElement('div');
			mark.style.cssText = `position:fixed;z-index:99999;pointer-events:none;box-sizing:border-box;width:36px;height:36px;left:${x + width / 2 - 18}px;top:${y + height / 2 - 18}px;border:4px solid #f5533d;border-radius:50%;background:#f5533d33`;
			element.ownerDocument.body.append(mark);
			return mark;
		});
		await this.frame(ms);
		await ring.evaluate((mark) => mark.remove());
	}
}
