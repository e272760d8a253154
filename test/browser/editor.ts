/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { pause, type Owner } from '../e2e/rest';

/** How long the editor may take for one step, in ms. */
const PATIENCE = 30_000;

/** Repeats `look` until it no longer throws; after a while its error stands. */
export async function eventually<T>(look: () => Promise<T>): Promise<T> {
	const limit = Date.now() + PATIENCE;
	for (;;) {
		const outcome = await look().then(
			(value) => ({ value }),
			(error: unknown) => ({ error }),
		);
		if ('value' in outcome) return outcome.value;
		if (Date.now() > limit) return await Promise.reject(outcome.error);
		await pause(200);
	}
}

export type Theme = 'light' | 'dark';

export interface EditorOptions {
	theme?: Theme;
	/** In CSS pixels. */
	viewport?: { width: number; height: number };
	/** Pixels of a picture for one CSS pixel. */
	scale?: number;
}

/** What the dialog says once a credential is saved. */
export interface CredentialAnswer {
	ok: boolean;
	text: string;
}

/** n8n's editor in a browser: what a person does and sees there. Absent things throw. */
export class Editor {
	private constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/** Opens a page of its own and logs in. */
	static async open(
		browser: Browser,
		url: string,
		{ email, password }: Owner,
		{ theme = 'light', viewport = { width: 1360, height: 900 }, scale = 1 }: EditorOptions = {},
	): Promise<Editor> {
		const context = await browser.newContext({
			viewport,
			deviceScaleFactor: scale,
			colorScheme: theme,
			locale: 'en-US',
		});
		const page = await context.newPage();
		page.setDefaultTimeout(PATIENCE);
		await page.addInitScript((name) => localStorage.setItem('N8N_THEME', name), theme);
		const editor = new Editor(page, url);
		await page.goto(`${url}/signin`);
		await page.fill('input[name="emailOrLdapLoginId"]', email);
		await page.fill('input[name="password"]', password);
		await editor.part('form-submit-button').click();
		await page.waitForURL((target) => !target.pathname.includes('signin'));
		return editor;
	}

	async close(): Promise<void> {
		await this.page.context().close();
	}

	/** Keeps what is to be seen where WECOM_BROWSER_PICTURES names a folder: for looking at a new version of n8n. */
	async picture(name: string): Promise<void> {
		const folder = process.env.WECOM_BROWSER_PICTURES;
		if (folder) await this.page.screenshot({ path: join(folder, `${name}.png`) });
	}

	/** What n8n's own tests call this part of the editor. */
	part(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	// The panel of nodes

	/** Opens the panel of nodes on a new, empty workflow. */
	async openNodePanel(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('canvas-add-button').click();
		await this.part('node-creator-search-bar').waitFor();
	}

	/** Searches the panel of nodes; gives the entry of this name. */
	async find(text: string, name: string): Promise<Locator> {
		const bar = this.part('node-creator-search-bar');
		// Without this the entry might be one of the search before.
		await bar.fill('nothing has this name');
		await this.part('node-creator-item-name').first().waitFor({ state: 'detached' });
		await bar.fill(text);
		const entry = this.part('node-creator-item-name').getByText(name, { exact: true });
		await entry.waitFor();
		return entry;
	}

	/** The names of the actions of the node whose entry was clicked. */
	async actions(group: 'Triggers' | 'Actions'): Promise<string[]> {
		const header = this.part('node-creator-category-item').filter({ hasText: group });
		await header.waitFor();
		const items = header.locator('xpath=..').locator('[data-test-id="node-creator-item-name"]');
		if ((await items.count()) === 0) await header.click();
		await items.first().waitFor();
		return await items.allInnerTexts();
	}

	// Credentials

	/** The names of the credential types that are offered for these letters. */
	async credentialTypes(letters: string): Promise<string[]> {
		await this.page.goto(new URL('home/credentials', this.url).href);
		await this.part('add-resource-credential').first().click();
		await this.part('new-credential-type-select').locator('input').fill(letters);
		const offered = this.part('new-credential-type-select-option').filter({ visible: true });
		await offered.first().waitFor();
		return (await offered.allInnerTexts()).map((name) => name.trim());
	}

	/** Opens the dialog of a new credential of this type. */
	async newCredential(displayName: string): Promise<Locator> {
		await this.credentialTypes(displayName);
		await this.part('new-credential-type-select-option')
			.filter({ hasText: displayName, visible: true })
			.click();
		await this.part('new-credential-type-button').click();
		const dialog = this.part('editCredential-modal');
		await dialog.waitFor();
		return dialog;
	}

	/** Presses "Create new credential" in the open node; what opens is not necessarily the wanted one. */
	async newCredentialInNode(): Promise<Locator> {
		// Newer versions show a plain button while there is nothing to choose from.
		const nothingYet = this.part('node-credentials-empty-state').locator('button');
		const list = this.part('node-credentials-select');
		await list.or(nothingYet).first().waitFor();
		if (await list.count()) {
			await list.locator('input').click();
			await this.part('node-credentials-select-item-new').filter({ visible: true }).click();
		} else {
			await nothingYet.click();
		}
		const dialog = this.part('editCredential-modal');
		await dialog.waitFor();
		return dialog;
	}

	/** Closes the open credential dialog, if it has not closed by itself. */
	async closeCredential(): Promise<void> {
		const dialog = this.part('editCredential-modal');
		if (!(await dialog.isVisible())) return;
		await dialog.locator('.el-dialog__headerbtn, [aria-label="Close"]').first().click();
		await dialog.waitFor({ state: 'hidden' });
	}

	/** The name of the credential that the open node uses; empty if none. */
	async selectedCredential(): Promise<string> {
		return await this.part('node-credentials-select').locator('input').inputValue();
	}

	/** Types into the fields of the open credential dialog. */
	async fillCredential(values: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(values)) {
			await this.part(`parameter-input-${name}`).locator('input').fill(value);
		}
	}

	/** Saves the open credential and waits for the answer of its test, details unfolded. */
	async saveCredential(): Promise<CredentialAnswer> {
		const tested = this.page.waitForResponse((response) =>
			response.url().endsWith('/rest/credentials/test'),
		);
		await this.part('credential-save-button').locator('button').click();
		const { data } = (await (await tested).json()) as { data: { status: string } };
		const ok = data.status === 'OK';
		const dialog = this.part('editCredential-modal');
		const banner = (text: string) => dialog.locator('.el-tag').filter({ hasText: text });
		const good = banner('Connection tested successfully');
		const bad = banner('Couldn’t connect with these settings');
		const [seen, before] = ok ? [good, bad] : [bad, good];
		const closedByItself = async () => ok && !(await dialog.isVisible());
		await eventually(async () => {
			if (!(await seen.isVisible()) && !(await closedByItself())) throw new Error('no answer yet');
		});
		// Newer versions close the dialog of a node's credential once it has passed.
		if (await closedByItself()) return { ok, text: '' };
		await before.waitFor({ state: 'hidden' });
		if (!ok) await bad.getByText('More details').click();
		return { ok, text: await seen.innerText() };
	}

	// A node

	/** Adds an action of WeCom Media behind the last node, as somebody does who has a file there. */
	async addAction(action: string, click: (what: Locator) => Promise<void>): Promise<void> {
		await click(this.part('canvas-handle-plus').last());
		for (const name of ['Action in an app', 'WeCom Media', action]) {
			await click(this.part('node-creator-item-name').getByText(name, { exact: true }));
		}
		await this.part('node-parameters').waitFor();
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** What stands under the names of the nodes on the canvas, and whether all of it is to be seen. */
	async subtitles(): Promise<Array<{ text: string; cutOff: boolean }>> {
		const lines = this.part('canvas-node').locator('[class*="_subtitle_"]');
		return await lines.evaluateAll((parts) =>
			parts.map((part) => ({
				text: part.textContent?.trim() ?? '',
				cutOff: part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight,
			})),
		);
	}

	/** Opens a node's panel. */
	async openNode(workflowId: string, nodeId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}/${nodeId}`);
		await this.part('node-parameters').locator('[data-test-id="input-label"]').first().waitFor();
	}

	/** Chooses an option of a parameter in the open panel. */
	async choose(parameter: string, option: string): Promise<void> {
		await this.part(`parameter-input-${parameter}`).click();
		await this.choice(option).click();
		await this.choices().first().waitFor({ state: 'hidden' });
	}

	/** Opens the list of a picker in the open panel; gives its entries once it has loaded. */
	async openPicker(parameter: string): Promise<Locator> {
		await this.part(`parameter-input-${parameter}`).locator('[data-test-id="rlc-input"]').click();
		const entries = this.part('rlc-item').filter({ visible: true });
		await entries.first().waitFor();
		return entries;
	}

	/** The box of the open list of a picker, with its entries or with what went wrong. */
	openList(): Locator {
		const inside = ['rlc-item', 'rlc-error-container'].map((id) => `[data-test-id="${id}"]`).join();
		return this.page.locator(`[data-side]:has(${inside})`).filter({ visible: true }).first();
	}

	/** What a picker in the open panel shows as chosen. */
	async picked(parameter: string): Promise<string> {
		const field = this.part(`parameter-input-${parameter}`).locator('[data-test-id="rlc-input"]');
		return await field.locator('input').or(field).first().inputValue();
	}

	/** Labels of the fields in the open panel, in its order. */
	async labels(): Promise<string[]> {
		const texts = await this.part('node-parameters')
			.locator('[data-test-id="input-label"]:visible')
			.allInnerTexts();
		return texts.map((text) => text.split('\n')[0].trim());
	}

	/** Texts of the notices in the open panel. */
	async notices(): Promise<string[]> {
		return await this.part('node-parameters').locator('.notice:visible').allInnerTexts();
	}

	/** What "Add option" offers in the open panel. */
	async offeredOptions(): Promise<string[]> {
		const add = this.part('collection-parameter-add');
		await add.click();
		await this.choices().first().waitFor();
		const names = await this.choices().allInnerTexts();
		await add.click();
		await this.choices().first().waitFor({ state: 'hidden' });
		return names.map((text) => text.split('\n')[0].trim());
	}

	/** Presses "Execute step" and waits for the green tick. */
	async execute(): Promise<void> {
		await this.part('node-execute-button').click();
		await this.part('output-panel').locator('[data-test-id="node-run-status-success"]').waitFor();
	}

	/** Shows the output of the open node as a table or as its files. */
	async showOutput(as: 'table' | 'binary'): Promise<void> {
		await this.part('output-panel').locator(`[data-test-id="radio-button-${as}"]`).click();
	}

	private choices(): Locator {
		return this.page.locator('[role="option"]:visible');
	}

	private choice(name: string): Locator {
		return this.choices().filter({ has: this.page.getByText(name, { exact: true }) });
	}
}
