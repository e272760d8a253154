import { createHash } from 'node:crypto';
import type { AsyncJob, LinkHost, Simulator } from '../simulator';
import { sample } from './files';

/** A job of a small PDF, submitted as the demo app, or another one, would do it. */
export async function submitJob(
	{ jobs, targets }: Simulator,
	host: LinkHost,
	app = targets.app,
): Promise<AsyncJob> {
	const bytes = await sample('report.pdf');
	const md5 = createHash('md5').update(bytes).digest('hex');
	const url = host.put('report.pdf', bytes);
	return jobs.submit({ app, type: 'file', fileName: 'a.pdf', url, md5 });
}
