import { describeRoundTrips, type RoundTrip } from '../../scripts/lib/exampleRun';
import { cut, table, width } from '../../scripts/lib/table';

test.each([
	['report', 6, 'report'],
	['report', 5, 'repo…'],
	['季度报告', 8, '季度报告'],
	['季度报告', 7, '季度报…'],
	['季度报告', 6, '季度…'],
])('%s in %i columns is %s', (text, columns, shown) => {
	expect(cut(text, columns)).toBe(shown);
	expect(width(shown)).toBeLessThanOrEqual(columns);
});

test('a table that is too wide loses ends of its widest column', () => {
	const rows = [['a', 'a title that is much too long for this']];
	const lines = table(['id', 'title'], rows, 20).split('\n');
	expect(lines).toEqual(['id  title', '──  ────────────────', 'a   a title that is…']);
});

const trip: RoundTrip = {
	way: 'corp app and back',
	fileName: '销售报表 第47周，华东与华南.csv',
	size: 1_048_576 * 48,
	mediaId: '3MVod3-Z6Lq0o0401Miucq2rYJPGU1-u97puTTliUhVk',
	sent: 'a'.repeat(64),
	received: 'a'.repeat(64),
};

test.each([
	['every byte arrived', trip, '✓'],
	['something else arrived', { ...trip, received: 'b'.repeat(64) }, '✗'],
	['nothing arrived', { ...trip, received: '' }, '✗'],
])('the table of the demo fits 80 columns: %s', (_what, one, mark) => {
	const lines = describeRoundTrips([one]).split('\n');
	expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(80);
	expect(lines.at(-1)!.endsWith(mark)).toBe(true);
	expect(lines.at(-1)).toContain('48.0 MB');
});
