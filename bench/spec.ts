/** What the parent process and its children tell each other. */

export const MB = 1_000_000;

export interface TransferSpec {
	direction: 'upload' | 'download';
	files: number;
	/** Bytes of each file. */
	fileBytes: number;
	concurrency: number;
}

/** What a child is asked to do. */
export interface ChildSpec extends TransferSpec {
	baseUrl: string;
}

/** What it sends back. */
export interface ChildReport {
	/** Milliseconds of the transfers alone. */
	ms: number;
	/** CPU milliseconds (user + system, all threads) of the transfers alone. */
	cpuMs: number;
	/** Highest resident memory of the whole process in bytes, as the kernel counted it. */
	maxRss: number;
	/** Highest resident memory seen while the transfers ran, minus that at their start; bytes. */
	rise: number;
}

/** Requests the server has answered since it was last asked, by the last part of the path. */
export interface ServerCounts {
	requests: Record<string, number>;
	/** Bytes of upload bodies. */
	bytesIn: number;
	/** Bytes of media sent. */
	bytesOut: number;
	/** How often the result of each upload job was asked for. */
	jobs: Record<string, number>;
}

export const noCounts = (): ServerCounts => ({ requests: {}, bytesIn: 0, bytesOut: 0, jobs: {} });

/** The media_id that the server answers with a file of `size` bytes. */
export function mediaIdOf(size: number, index: number): string {
	return `bench-${size}-${index}`;
}
