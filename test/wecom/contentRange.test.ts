import { parseContentRange } from '../../nodes/WeComMedia/wecom/calls/partAnswer';

describe('parseContentRange', () => {
	test.each([
		['bytes 0-1023/2048', { start: 0, end: 1023, total: 2048 }],
		['bytes 0-0/1', { start: 0, end: 0, total: 1 }],
		[' Bytes  16-31/* ', { start: 16, end: 31 }],
		['bytes 209715199-209715199/209715200', { start: 209715199, end: 209715199, total: 209715200 }],
	])('%j is understood', (value, expected) => {
		expect(parseContentRange(value)).toEqual(expected);
	});

	test.each([
		['', 'nothing'],
		['bytes */2048', 'no range'],
		['bytes 0-1023', 'no total'],
		['bytes=0-1023/2048', 'the form of the request header'],
		['bytes 5-4/10', 'an end before the start'],
		['bytes 0-10/10', 'an end behind the file'],
		['bytes -5-9/10', 'a negative start'],
		['bytes 0-9/10, 20-29/10', 'two ranges'],
		['pages 0-9/10', 'another unit'],
	])('%j makes no sense: %s', (value) => {
		expect(parseContentRange(value)).toBeUndefined();
	});
});
