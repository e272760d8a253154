/** Fields that hold what a person typed (vendor page 90239). */
const TYPED = ['Content', 'Title', 'Description', 'Label', 'Url'];
const OPENING = new RegExp(`<(${TYPED.join('|')})><!\\[CDATA\\[`, 'g');
/** An end within the text, as XML writes it. */
const SPLIT = ']]]]><![CDATA[>';
const END = /\]\]\]\]><!\[CDATA\[>|\]\]>/g;

/**
 * WeCom puts what a person typed into one CDATA section as it is, so a `]]>` in it ends the section early
 * (silenceper/wechat#750). Such a field goes on to its last end in the document; the ends in between are split, where they
 * are not yet. Whoever types the end of the field and other fields behind it has typed all of that as text.
 */
export function withTypedTextClosed(xml: string): string {
	let closed = '';
	let position = 0;
	for (const { 0: opening, 1: name, index } of xml.matchAll(OPENING)) {
		if (index < position) continue;
		const from = index + opening.length;
		const to = xml.lastIndexOf(`]]></${name}>`);
		if (to < from) continue;
		closed += xml.slice(position, from) + splitEnds(xml.slice(from, to));
		position = to;
	}
	return closed + xml.slice(position);
}

function splitEnds(text: string): string {
	return text.replace(END, (end) => (end === ']]>' ? SPLIT : end));
}
