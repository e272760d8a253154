/** Characters that take two columns of a terminal: Chinese, Japanese, Korean and full-width forms. */
const WIDE =
	/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu;

/** How many columns of a terminal a text takes. */
export function width(text: string): number {
	return [...text].length + (text.match(WIDE)?.length ?? 0);
}

/** The text, its end replaced by … where it takes more than so many columns. */
export function cut(text: string, columns: number): string {
	if (width(text) <= columns) return text;
	let kept = '';
	for (const character of text) {
		if (width(kept + character) >= columns) break;
		kept += character;
	}
	return `${kept}…`;
}

/** Between two columns. */
const GAP = 2;
/** What a column keeps at least, however narrow the terminal. */
const NARROWEST = 6;

/**
 * A table with a line under its head.
 *
 * @param columns of the terminal; the widest columns of the table are cut until it fits
 */
export function table(head: string[], rows: string[][], columns = Infinity): string {
	const widths = head.map((_, column) =>
		Math.max(...[head, ...rows].map((row) => width(row[column]))),
	);
	const tooWide = () => widths.reduce((sum, one) => sum + one + GAP, -GAP) > columns;
	while (tooWide() && Math.max(...widths) > NARROWEST) {
		widths[widths.indexOf(Math.max(...widths))] -= 1;
	}
	const line = (cells: string[]) =>
		cells
			.map((cell, column) => cut(cell, widths[column]))
			.map((cell, column) => cell + ' '.repeat(widths[column] - width(cell)))
			.join(' '.repeat(GAP))
			.trimEnd();
	const rule = widths.map((one) => '─'.repeat(one)).join(' '.repeat(GAP));
	return [line(head), rule, ...rows.map(line)].join('\n');
}
