import type { HintTable } from './types';

/** Files: their type, size and id, and jobs that upload from a URL (vendor pages 90253, 96219, 90313). */
export const MEDIA_HINTS: HintTable = {
	40004: [
		'The media type is not valid',
		"Set 'Media Type' to image, voice, video or file, whichever fits the content.",
	],
	40005: [
		'The file type is not valid',
		"Check that the file name's extension fits the content, or send it with 'Media Type' file.",
	],
	40006: [
		'The file size is not valid',
		'Use a file of more than 5 bytes and at most 10 MB for images and videos, 2 MB for voices, 20 MB for files.',
	],
	40007: [
		'The media_id is not valid',
		'Upload the file again with this credential, because a media_id is valid for 3 days and only inside its own company; for HD voice use one from the JS-SDK.',
	],
	40009: [
		'The image has a size that WeCom does not take',
		'Shrink the image to at most 10 MB, for a permanent image URL to at most 2 MB.',
	],
	40011: [
		'The video has a size that WeCom does not take',
		"Cut or compress the video to an MP4 of at most 10 MB; only welcome material (入群欢迎语素材) may have up to 200 MB, through 'Upload Large File'.",
	],
	40039: [
		'The URL is too long',
		"Give a URL of at most 1024 bytes, or set 'Source' to Binary Field, so that n8n itself hosts the file under a short link.",
	],
	40123: [
		'The image cannot be read',
		'Open the image, save it again as JPG or PNG and upload that.',
	],
	41006: ['The media_id is missing', "Fill in 'Media ID', usually with an expression."],
	41065: [
		'The attachment is not valid',
		"Check that the file is a JPG, a PNG or, for Moments (朋友圈), an MP4, and that 'Purpose' fits.",
	],
	41072: [
		'The kind of file does not fit what it is for',
		'Moments (朋友圈) take pictures and videos, the product catalog (商品图册) pictures only.',
	],
	41080: ['The attachment is too large', 'Shrink the picture or video to at most 10 MB.'],
	41081: [
		'The picture has too many pixels',
		'Shrink it to at most 10,800 pixels on the long and 1,080 on the short side.',
	],
	41082: ['The video lasts too long', 'Cut it to 30 seconds.'],
	41090: ['The video has a format that WeCom does not take', 'Convert it to MP4 (H.264).'],
	44001: [
		'The uploaded file is empty or could not be read',
		'Check that the input binary field holds a file and that no proxy changes the request.',
	],
	45001: [
		'The file is too large',
		"Keep to 10 MB for images and videos, 2 MB for voices and 20 MB for files; only welcome material (入群欢迎语素材) may have up to 200 MB, through 'Upload Large File'.",
	],
	45007: ['The voice lasts longer than 60 seconds', 'Cut it to 60 seconds or send it as a file.'],
	301015: [
		'The media_id does not belong to an image',
		"Upload the file again with 'Media Type' image.",
	],
	301016: [
		'The voice file is outside the limits',
		'Use AMR of at most 60 seconds and 2 MB, or send it as a file.',
	],
	301017: [
		'The voice is not AMR',
		'Convert it to AMR (8 kHz, mono), since renaming is not enough, or send it as a file.',
	],
	301019: [
		'The MD5 does not fit the file',
		"Leave 'MD5' empty so that it is computed from the file, and check that the file did not change in the meantime.",
	],
	830001: [
		'WeCom cannot use the URL',
		'Give a public link that needs no login and supports Range requests; a Tencent COS object must be public (公有读).',
	],
	830002: [
		'The file or the requested part is too large for one download',
		"Download it with the operation 'Download' of this node, which fetches large files in parts of at most 20 MB.",
	],
	830003: [
		'WeCom could not download the file from the URL',
		'Open the link from outside your network and check that it answers without login and stays valid until WeCom has fetched it.',
	],
};
