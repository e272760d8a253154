/* eslint-disable @n8n/community-nodes/no-restricted-imports -- runs in Node, never inside n8n */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cache';
import type { Panel } from './panel';

/** What saved workflows rely on: the panel of the last release. */
export interface PanelSnapshot extends Panel {
	/** The version whose panel this is. */
	version: string;
}

/** From the project's root. */
export const SNAPSHOT_FILE = 'test/fixtures/panel.json';

export function readSnapshot(): PanelSnapshot {
	return JSON.parse(readFileSync(join(projectRoot, SNAPSHOT_FILE), 'utf8')) as PanelSnapshot;
}

export function writeSnapshot(snapshot: PanelSnapshot): void {
	writeFileSync(join(projectRoot, SNAPSHOT_FILE), snapshotText(snapshot));
}

/** JSON with one field a line, so that a change of the panel is one line of a diff. */
export function snapshotText(snapshot: PanelSnapshot): string {
	const innermost = /([{[])\n\t+((?:[^{}[\]]|\{\}|\[[^{}[\]\n]*\])*?)\n\t+([}\]])/g;
	const onOneLine = (_all: string, open: string, inner: string, close: string) =>
		open +
		(open === '{' ? ' ' : '') +
		inner.replace(/\n\t*/g, ' ') +
		(open === '{' ? ' ' : '') +
		close;
	const text = JSON.stringify(snapshot, null, '\t');
	// First the lists of values, then the fields that hold them.
	return `${text.replace(innermost, onOneLine).replace(innermost, onOneLine)}\n`;
}
