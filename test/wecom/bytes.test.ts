import { MIB, formatBytes } from '../../nodes/WeComMedia/wecom/client/bytes';

describe('formatBytes', () => {
	test.each([
		[0, '0 bytes'],
		[1, '1 byte'],
		[5, '5 bytes'],
		[1023, '1023 bytes'],
		[1024, '1 KB'],
		[1536, '1.5 KB'],
		[640 * 1024, '640 KB'],
		[MIB, '1 MB'],
		[20_027_802, '19.1 MB'],
		[20 * MIB, '20 MB'],
		[200 * MIB, '200 MB'],
		[1.5 * 1024 * MIB, '1.5 GB'],
		[3000 * 1024 * MIB, '3000 GB'],
	])('%d bytes read %s', (bytes, text) => {
		expect(formatBytes(bytes)).toBe(text);
	});

	test.each([
		[20 * MIB + 1, '20.000001 MB'],
		[20 * MIB - 1, '19.999999 MB'],
		[64 * 1024 + 1, '64.001 KB'],
		[MIB - 1, '1023.999 KB'],
		[10 * MIB + 30_000, '10.03 MB'],
	])('%d bytes are not shown as the round size beside them', (bytes, text) => {
		expect(formatBytes(bytes)).toBe(text);
	});
});
