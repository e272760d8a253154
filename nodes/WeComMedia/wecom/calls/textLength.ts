/** Texts and their length: WeCom counts UTF-8 bytes, cuts what is longer, and answers ok. */
import type { TextRule } from '../accounts/rules';
import { grouped } from '../client/bytes';
import { WeComInputError } from '../client/errors';

const SPLIT = "'Split Long Text'";
/** Where a sentence ends, its closing marks included; a Latin full stop only before a blank ("3.14", "a.pdf"). */
const SENTENCE_END = /(?:[。！？；…]|[.!?;](?=\s))[”’」』）)"']*/gu;
const LINE_END = /\r?\n/gu;
const BLANK = /\s/gu;
let segmenter: Intl.Segmenter | undefined;

/** Written characters as people see them: an emoji of several code points is one. Made on first use: that takes 10 ms. */
function charactersOf(text: string): Intl.Segments {
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
	return segmenter.segment(text);
}

/**
 * @param field as the panel labels it
 * @param more what else helps, in one sentence
 * @throws WeComInputError with both numbers
 */
export function refuseTooLong(text: string, maxBytes: number, field: string, more = ''): void {
	const bytes = Buffer.byteLength(text);
	if (bytes <= maxBytes) return;
	throw new WeComInputError(
		`'${field}' has ${grouped(bytes)} bytes; WeCom takes up to ${grouped(maxBytes)} (a Chinese character has 3)`,
		`Shorten it${more}.`,
		field,
	);
}

/**
 * The text as the messages it is sent in.
 *
 * @param split whether a longer one is sent in several
 * @throws WeComInputError for a longer one else
 */
export function messagesOf(text: string, rule: TextRule, split: boolean): string[] {
	if (split) return splitText(text, rule.partBytes ?? rule.maxBytes);
	const more = `, send it as a file, or turn on ${SPLIT} in the options to send it in several messages`;
	refuseTooLong(text, rule.maxBytes, 'Text', more);
	return [text];
}

/**
 * Parts of a text, in order, each as long as possible: they end at a line's end, else at a sentence's, else at a blank,
 * and never inside a written character.
 *
 * @param maxBytes most UTF-8 bytes of a part
 */
export function splitText(text: string, maxBytes: number): string[] {
	const parts: string[] = [];
	let rest = text;
	while (rest.length > maxBytes || Buffer.byteLength(rest) > maxBytes) {
		const end = endOfPart(rest, fittingLength(rest, maxBytes));
		parts.push(rest.slice(0, end).trimEnd());
		rest = rest.slice(end).replace(/^\s*\n|^[^\S\n]+(?=\S)/u, '');
	}
	return [...parts, rest].filter((part) => part.trim() !== '');
}

/** @returns the length in UTF-16 units of the longest beginning of whole characters that fits, at least one */
function fittingLength(text: string, maxBytes: number): number {
	// No character has fewer bytes than UTF-16 units, so what fits is within the first `maxBytes` of them.
	const window = text.slice(0, maxBytes + 1);
	const whole = fit(
		[...charactersOf(window)].map(({ segment }) => segment),
		maxBytes,
	);
	// One "character" of more than a whole message can be written, with hundreds of accents.
	return whole || fit([...window], maxBytes) || 1;
}

function fit(characters: string[], maxBytes: number): number {
	let bytes = 0;
	let length = 0;
	for (const character of characters) {
		bytes += Buffer.byteLength(character);
		if (bytes > maxBytes) break;
		length += character.length;
	}
	return length;
}

/** A part of less than half is worth it only where the other half has no end at all. */
function endOfPart(text: string, longest: number): number {
	// One unit more: a line may end right behind what fits, and a full stop needs its blank.
	const window = text.slice(0, longest + 1);
	const lines = endsIn(window, LINE_END, longest);
	const sentences = endsIn(window, SENTENCE_END, longest);
	const half = longest / 2;
	const last = (ends: number[]) => Math.max(0, ...ends);
	if (last(lines) >= half) return last(lines);
	if (last(sentences) >= half) return last(sentences);
	return last([...lines, ...sentences]) || last(endsIn(window, BLANK, longest)) || longest;
}

/** @returns where the matches end, as far as the text before them fits; a line's own break need not */
function endsIn(window: string, pattern: RegExp, longest: number): number[] {
	return [...window.matchAll(pattern)]
		.map(({ index, 0: { length }, 0: match }) => (match.trim() === '' ? index : index + length))
		.filter((end) => end > 0 && end <= longest);
}
