/** Characters that take two columns of a terminal: Chinese, Japanese, Korean and full-width forms. */
const WIDE =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;

function width(text: string): number {
	return [...text].length + (text.match(WIDE)?.length ?? 0);
}

/** A table for a terminal, with a line under its head. */
export function table(head: string[], rows: string[][]): string {
	const widths = head.map((_, column) =>
		Math.max(...[head, ...rows].map((row) => width(row[column]))),
	);
	const line = (cells: string[]) =>
		cells
			.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell)))
			.join('  ')
			.trimEnd();
	const rule = widths.map((columns) => '─'.repeat(columns)).join('  ');
	return [line(head), rule, ...rows.map(line)].join('\n');
}
