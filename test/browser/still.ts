import type { Page } from 'playwright-core';
import { pause } from '../e2e/rest';

/** A part of a page, in CSS pixels. */
interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A picture of a page, or a part of it, once nothing moves any more. */
export async function still(page: Page, clip?: Clip): Promise<Buffer> {
	const options = { clip, animations: 'disabled', caret: 'hide' } as const;
	let before = await page.screenshot(options);
	for (let tries = 0; tries < 40; tries += 1) {
		await pause(250);
		const now = await page.screenshot(options);
		if (now.equals(before)) return now;
		before = now;
	}
	throw new Error('The page does not come to rest');
}
