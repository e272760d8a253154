/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../scripts/lib/cache';
import { STEADY_FLAG } from './n8nServer';
import type { Table } from './tables';

const FILE = join(projectRoot, 'bench', 'RESULTS.md');

export type CaseName = 'transfers' | 'concurrency' | 'trigger' | 'receiving' | 'load';

/** The n8n that is measured where none is named. */
export const USUAL_N8N = '2.8.4';

/**
 * Replaces what was measured before; the text around it, which says what the figures mean, stays. Not every case has a
 * place for every n8n.
 */
export function writeResults(name: CaseName, tables: Table[], n8n: string, steady: boolean): void {
	const version = n8n === USUAL_N8N ? [] : [`n8n ${n8n}`];
	const place = [name, ...version, ...(steady ? ['steady'] : [])].join(', ');
	const start = `<!-- measured: ${place} -->`;
	const end = `<!-- end: ${place} -->`;
	const text = readFileSync(FILE, 'utf8');
	const from = text.indexOf(start);
	const to = text.indexOf(end);
	if (to < from) throw new Error(`bench/RESULTS.md: the place for ${place} ends before it begins`);
	if (from < 0) return;
	const measured = [conditions(name, n8n, steady), ...tables.map(markdown)].join('\n\n');
	const before = text.slice(0, from + start.length);
	writeFileSync(FILE, `${before}\n\n${measured}\n\n${text.slice(to)}`);
}

/** What a figure depends on. Nothing that names a machine. */
export function conditions(name: CaseName, n8n: string, steady: boolean): string {
	const date = new Date().toISOString().slice(0, 10);
	// The package is loaded by itself.
	const host = name === 'load' ? `Node ${process.versions.node}` : `n8n ${n8n}`;
	return (
		`Measured on ${date}: ${process.arch} processor, ${availableParallelism()} cores, ` +
		`${process.platform}, ${host}${steady ? `, ${STEADY_FLAG}` : ''}.`
	);
}

/** As prettier lays it out, so that a new measurement needs no formatting. */
function markdown({ head, rows }: Table): string {
	const widths = head.map((_, column) =>
		Math.max(3, ...[head, ...rows].map((row) => row[column].length)),
	);
	const line = (cells: string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
	return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
