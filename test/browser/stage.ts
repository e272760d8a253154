import type { Browser } from 'playwright-core';
import { openBrowser } from '../../scripts/lib/browser';
import { OWNER, startWorld, type World } from '../e2e/world';
import { Editor } from './editor';

/** A real n8n with the packed nodes, a WeCom to talk to, and its editor in a browser. */
export interface Stage extends World {
	editor: Editor;
}

/** Starts it; takes about fifteen seconds. */
export async function startStage(): Promise<Stage> {
	const world = await startWorld();
	let browser: Browser | undefined;
	const close = async () => {
		await browser?.close();
		await world.close();
	};
	const open = async (): Promise<Stage> => {
		browser = await openBrowser();
		const editor = await Editor.open(browser, world.n8n.url, OWNER);
		return { ...world, editor, close };
	};
	return await open().catch(async (error: unknown) => {
		await close();
		return await Promise.reject(error);
	});
}
