import fc from 'fast-check';

import { TEXT_RULES } from '../../../nodes/WeComMedia/wecom/accounts/rules';
import { messagesOf, splitText } from '../../../nodes/WeComMedia/wecom/calls/textLength';

const bytes = (text: string) => Buffer.byteLength(text);
const graphemes = (text: string) =>
	[...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
const squeezed = (text: string) => text.replace(/\s+/gu, '');

describe('a text that is too long', () => {
	const rule = TEXT_RULES.members.text;

	test('is measured in bytes: 682 Chinese characters fit into 2,048, 683 do not', () => {
		expect(messagesOf('好'.repeat(682) + 'ab', rule, false)).toHaveLength(1);
		expect(() => messagesOf('好'.repeat(683), rule, false)).toThrow(
			"'Text' has 2,049 bytes; WeCom takes up to 2,048 (a Chinese character has 3)",
		);
	});

	test('of a robot is refused above what the server takes, and split at what the page says', () => {
		const robot = TEXT_RULES.robot.text;
		expect(messagesOf('x'.repeat(5_120), robot, false)).toHaveLength(1);
		expect(() => messagesOf('x'.repeat(5_121), robot, false)).toThrow('up to 5,120');
		expect(messagesOf('x'.repeat(5_120), robot, true).map(bytes)).toEqual([2_048, 2_048, 1_024]);
	});
});

describe('a split text', () => {
	test('ends its parts at lines, keeps their order and loses nothing but the breaks', () => {
		const lines = Array.from({ length: 60 }, (_, n) => `第${n}行：${'内容'.repeat(10)}`);
		const parts = splitText(lines.join('\n'), 512);
		expect(parts.every((part) => bytes(part) <= 512)).toBe(true);
		expect(parts.flatMap((part) => part.split('\n'))).toEqual(lines);
	});

	test('ends its parts at sentences where lines are too long', () => {
		const sentences = Array.from({ length: 30 }, (_, n) => `这是第${n}句话，说了一些事情。`);
		const parts = splitText(sentences.join(''), 256);
		expect(parts.every((part) => part.endsWith('。'))).toBe(true);
		expect(parts.join('')).toBe(sentences.join(''));
	});

	test('takes no full stop inside a number or a file name for an end', () => {
		const text = `${'a'.repeat(30)} 3.14159 report.pdf is ready. ${'b'.repeat(30)}`;
		expect(splitText(text, 60)).toEqual([
			`${'a'.repeat(30)} 3.14159 report.pdf is ready.`,
			'b'.repeat(30),
		]);
	});

	test('keeps the closing mark with its sentence', () => {
		const text = `他说：“今天完成了。”${'后来'.repeat(10)}`;
		expect(splitText(text, 40)[0]).toBe('他说：“今天完成了。”');
	});

	test('ends at a blank where there is neither', () => {
		expect(splitText('one two three four five', 10)).toEqual(['one two', 'three four', 'five']);
	});

	test('keeps the indentation of the line a part begins with', () => {
		expect(splitText('first line\n\n  - second', 12)).toEqual(['first line', '  - second']);
	});

	test.each(['👨‍👩‍👧‍👦', '🇨🇳', '👍🏽', 'é', '好', '𠮷'])('never breaks %s', (character) => {
		const parts = splitText(character.repeat(40), 64);
		expect(parts.every((part) => bytes(part) <= 64)).toBe(true);
		expect(parts.flatMap(graphemes)).toEqual(graphemes(character.repeat(40)));
	});

	test('breaks a "character" of thousands of accents rather than going on for ever', () => {
		const parts = splitText(`e${'\u0301'.repeat(3_000)}`, 2_048);
		expect(parts.every((part) => bytes(part) <= 2_048)).toBe(true);
		expect(parts.join('')).toBe(`e${'\u0301'.repeat(3_000)}`);
	});

	test('whatever the text: parts fit, none is empty, nothing else than blanks is lost', () => {
		const piece = fc.constantFrom('好', '。', '\n', ' ', 'a', '. ', '👨‍👩‍👧‍👦', '\r\n', '…', 'e\u0301');
		fc.assert(
			fc.property(
				fc.array(piece, { maxLength: 400 }),
				fc.integer({ min: 32, max: 128 }),
				(all, max) => {
					const text = all.join('');
					const parts = splitText(text, max);
					expect(parts.every((part) => bytes(part) <= max && part.trim() !== '')).toBe(true);
					expect(squeezed(parts.join(''))).toBe(squeezed(text));
				},
			),
			{ numRuns: 300 },
		);
	});
});
