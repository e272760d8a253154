import type { HintTable } from './types';

/** What a code means as the end of an upload job, where the general advice is for other calls (vendor page 96219). */
export const JOB_HINTS: HintTable = {
	45001: [
		'The file has a size that WeCom does not take',
		'Use a file of 6 bytes to 200 MB, and check that the link leads to the file itself.',
	],
	830002: [
		'The file is too large for WeCom to fetch',
		'Use a file of at most 200 MB on a server that supports Range.',
	],
};
