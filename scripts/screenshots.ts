/* eslint-disable no-console -- what a person at the terminal reads */
/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { findChromium, NO_CHROMIUM } from './lib/browser';
import { buildPackage } from './lib/packageTarball';
import { chatPicture } from './screenshots/chat';
import { credentialPictures } from './screenshots/credentials';
import { panelPictures } from './screenshots/panels';
import { pickerPictures } from './screenshots/pickers';
import { simulatorPicture } from './screenshots/simulatorPage';
import { Studio } from './screenshots/studio';
import { examplePictures, executedPicture } from './screenshots/workflows';

const pictures = [
	...panelPictures,
	...credentialPictures,
	...pickerPictures,
	...examplePictures,
	executedPicture,
	simulatorPicture,
	chatPicture,
];

/**
 * Takes the pictures of the documents in a real n8n and a real browser, all or those whose path
 * holds one of the words. SCREENSHOT_FOLDER puts them elsewhere, to be compared.
 */
async function main(words: string[]): Promise<void> {
	const chosen = pictures.filter(({ path, onRequest }) =>
		words.length === 0 ? !onRequest : words.some((word) => path.includes(word)),
	);
	if (chosen.length === 0) throw new Error(`No picture is called ${words.join(' or ')}`);
	if (!findChromium()) throw new Error(NO_CHROMIUM);
	await buildPackage();
	const studio = await Studio.open();
	try {
		for (const picture of chosen) {
			const size = await studio.take(picture);
			console.log(`${picture.path}  ${(size / 1024).toFixed(0)} KB`);
		}
	} finally {
		await studio.close();
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
