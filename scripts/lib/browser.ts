/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Where the common packages put it: Debian, Ubuntu, Fedora, Google's own, macOS. */
const PLACES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
];

export const NO_CHROMIUM =
	'No Chromium found: install it (Debian, Ubuntu: apt-get install chromium) or name its program in CHROMIUM_PATH.';

/** The path of a Chromium, or undefined; CHROMIUM_PATH alone counts where it is set. */
export function findChromium(): string | undefined {
	const { CHROMIUM_PATH } = process.env;
	return (CHROMIUM_PATH ? [CHROMIUM_PATH] : PLACES).find((path) => existsSync(path));
}

/**
 * Starts Chromium without a window.
 *
 * @throws Error with the sentence that says how to get it
 */
export async function openBrowser(): Promise<Browser> {
	const executablePath = findChromium();
	if (!executablePath) throw new Error(NO_CHROMIUM);
	return await chromium.launch({
		executablePath,
		// Chromium refuses its sandbox to root, as whom containers run; it only sees our own n8n.
		args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
	});
}
