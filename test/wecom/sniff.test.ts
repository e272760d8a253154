import fc from 'fast-check';

import { PEEK_BYTES } from '../../nodes/WeComMedia/wecom/client/body';
import { sniff } from '../../nodes/WeComMedia/wecom/files/sniff';
import type { Content } from '../../nodes/WeComMedia/wecom/files/sniff';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');
const ftyp = (brand: string, ...compatible: string[]) => {
	const box = latin1(`\0\0\0\0ftyp${brand}\0\0\0\0${compatible.join('')}`);
	box.writeUInt32BE(box.length, 0);
	return Buffer.concat([box, latin1('\0\0\0\x08mdatmif1avif')]);
};
const ogg = (codec: string) =>
	Buffer.concat([latin1('OggS\0\x02'), Buffer.alloc(22), latin1(codec)]);

const KNOWN: Array<[string, Buffer, Content, string, string]> = [
	['JPEG with JFIF', hex('ff d8 ff e0 00 10 4a 46 49 46'), 'jpeg', 'jpg', 'image/jpeg'],
	['JPEG with Exif', hex('ff d8 ff e1 1c 45 45 78 69 66'), 'jpeg', 'jpg', 'image/jpeg'],
	['PNG', hex('89 50 4e 47 0d 0a 1a 0a'), 'png', 'png', 'image/png'],
	['GIF', latin1('GIF89a'), 'gif', 'gif', 'image/gif'],
	['BMP', hex('424d 36000c00 00000000 36000000 28000000'), 'bmp', 'bmp', 'image/bmp'],
	['WebP', latin1('RIFF\x24\0\0\0WEBPVP8 '), 'webp', 'webp', 'image/webp'],
	['TIFF, Intel', hex('49 49 2a 00 08'), 'tiff', 'tif', 'image/tiff'],
	['TIFF, Motorola', hex('4d 4d 00 2a 00'), 'tiff', 'tif', 'image/tiff'],
	['HEIC', ftyp('heic', 'mif1', 'heic'), 'heic', 'heic', 'image/heic'],
	['HEIX', ftyp('heix'), 'heic', 'heic', 'image/heic'],
	['HEIF with brand mif1', ftyp('mif1', 'mif1', 'heic'), 'heic', 'heic', 'image/heic'],
	['AVIF', ftyp('avif'), 'heic', 'avif', 'image/avif'],
	['AVIF with brand mif1', ftyp('mif1', 'miaf', 'avif'), 'heic', 'avif', 'image/avif'],
	['AMR', latin1('#!AMR\n\x3c'), 'amr', 'amr', 'audio/amr'],
	['AMR wide-band', latin1('#!AMR-WB\n'), 'amr-wb', 'awb', 'audio/amr-wb'],
	['SILK', latin1('#!SILK_V3\x12'), 'silk', 'silk', 'audio/silk'],
	['SILK of WeChat', latin1('\x02#!SILK_V3\x12'), 'silk', 'silk', 'audio/silk'],
	['MP3 with a tag', latin1('ID3\x03\0'), 'mp3', 'mp3', 'audio/mpeg'],
	['MP3, MPEG 1', hex('ff fb 90 64'), 'mp3', 'mp3', 'audio/mpeg'],
	['MP3, MPEG 2', hex('ff f3 40 c4'), 'mp3', 'mp3', 'audio/mpeg'],
	['MP3, MPEG 2.5', hex('ff e3 18 c4'), 'mp3', 'mp3', 'audio/mpeg'],
	['AAC', hex('ff f1 50 80'), 'aac', 'aac', 'audio/aac'],
	['Speex', latin1('Speex   1.2'), 'speex', 'speex', 'audio/speex'],
	['Speex in Ogg', ogg('Speex   1.2'), 'speex', 'spx', 'audio/ogg'],
	['Opus in Ogg', ogg('OpusHead'), 'ogg', 'ogg', 'audio/ogg'],
	['WAV', latin1('RIFF\x24\0\0\0WAVEfmt '), 'wav', 'wav', 'audio/wav'],
	['FLAC', latin1('fLaC\0'), 'flac', 'flac', 'audio/flac'],
	['CAF', latin1('caff\0\x01'), 'caf', 'caf', 'audio/x-caf'],
	['M4A', ftyp('M4A '), 'm4a', 'm4a', 'audio/mp4'],
	['MP4, isom', ftyp('isom', 'iso2', 'avc1', 'mp41'), 'mp4', 'mp4', 'video/mp4'],
	['MP4, mp42', ftyp('mp42'), 'mp4', 'mp4', 'video/mp4'],
	['MP4 of a Sony camera', ftyp('XAVC', 'mp42'), 'mp4', 'mp4', 'video/mp4'],
	['MP4, brand M4V', ftyp('M4V ', 'isom'), 'mp4', 'mp4', 'video/mp4'],
	['Canon CR3', ftyp('crx ', 'crx ', 'isom'), 'cr3', 'cr3', 'image/x-canon-cr3'],
	['MOV', ftyp('qt  '), 'mov', 'mov', 'video/quicktime'],
	['old MOV', latin1('\0\0\x4e\x20moov'), 'mov', 'mov', 'video/quicktime'],
	['3GP', ftyp('3gp5'), '3gp', '3gp', 'video/3gpp'],
	['AVI', latin1('RIFF\x24\0\0\0AVI LIST'), 'avi', 'avi', 'video/x-msvideo'],
	['MKV', hex('1a 45 df a3 01'), 'mkv', 'mkv', 'video/x-matroska'],
	['WMV', hex('30 26 b2 75 8e 66 cf 11'), 'wmv', 'wmv', 'video/x-ms-wmv'],
	['FLV', latin1('FLV\x01\x05'), 'flv', 'flv', 'video/x-flv'],
	['MPEG', hex('00 00 01 ba 44'), 'mpeg', 'mpg', 'video/mpeg'],
	['PDF', latin1('%PDF-1.7\n'), 'pdf', 'pdf', 'application/pdf'],
	['ZIP', hex('50 4b 03 04 14'), 'zip', 'zip', 'application/zip'],
	['empty ZIP', hex('50 4b 05 06 00'), 'zip', 'zip', 'application/zip'],
	['GZIP', hex('1f 8b 08 00'), 'gzip', 'gz', 'application/gzip'],
	['RAR', hex('52 61 72 21 1a 07 01 00'), 'rar', 'rar', 'application/vnd.rar'],
	['7z', hex('37 7a bc af 27 1c 00 04'), '7z', '7z', 'application/x-7z-compressed'],
];

const UNKNOWN: Array<[string, Buffer]> = [
	['nothing', Buffer.alloc(0)],
	['text', latin1('hello world, this is a text')],
	['Chinese text', Buffer.from('这是一个文本文件，没有别的内容。')],
	['JSON', latin1('{"errcode":40007,"errmsg":"invalid media_id"}')],
	['text that starts with BM', latin1('BMW prices of the year 2024 by country')],
	['text that reads RIFF', latin1('RIFFING on guitars and WAVES')],
	['text in which a box name stands at byte 4', latin1('The wide river')],
	['text in UTF-16, whose mark resembles an MPEG frame', Buffer.from('\uFEFF12', 'utf16le')],
	['half a JPEG magic', hex('ff d8')],
	['half an AMR magic', latin1('#!AMR')],
	['AMR with several channels', latin1('#!AMR_MC1.0\n')],
	['PK without an archive', latin1('PKO Bank')],
	['a brand that is no video', ftyp('ccff', 'isom', 'mp42')],
	['a brand nobody has heard of', ftyp('abcd', 'isom')],
	['zeros', Buffer.alloc(64)],
];

describe('sniff', () => {
	test.each(KNOWN)('%s', (_what, bytes, content, extension, mimeType) => {
		expect(sniff(bytes)).toEqual({ content, label: expect.any(String), extension, mimeType });
	});

	test.each(KNOWN)('%s is recognized in the bytes that are waited for', (_what, bytes, content) => {
		const long = Buffer.concat([bytes, Buffer.alloc(500, 0x20)]);
		expect(sniff(long.subarray(0, PEEK_BYTES)).content).toBe(content);
	});

	test.each(UNKNOWN)('%s is unknown', (_what, bytes) => {
		expect(sniff(bytes)).toEqual({
			content: 'unknown',
			label: 'unrecognized file',
			extension: '',
			mimeType: 'application/octet-stream',
		});
	});

	test('labels name the format and the kind, as a message needs it', () => {
		expect(sniff(hex('ff d8 ff e0')).label).toBe('JPG image');
		expect(sniff(latin1('\x02#!SILK_V3')).label).toBe('SILK audio');
		expect(sniff(ftyp('mp42')).label).toBe('MP4 video');
	});

	test('brands of other boxes do not count: an MP4 whose data reads "mif1avif" stays MP4', () => {
		expect(sniff(ftyp('isom')).content).toBe('mp4');
	});

	test('a caller who changes the result changes nothing for the next', () => {
		const first = sniff(Buffer.alloc(0));
		first.label = 'changed';
		sniff(latin1('GIF89a')).extension = 'changed';
		expect(sniff(Buffer.alloc(0)).label).toBe('unrecognized file');
		expect(sniff(latin1('GIF89a')).extension).toBe('gif');
	});

	test('any bytes give a complete answer', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
				const { content, label, mimeType } = sniff(bytes);
				expect([content, label, mimeType].every((text) => text.length > 0)).toBe(true);
			}),
		);
	});
});
