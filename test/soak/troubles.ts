import type { Fault, Simulator } from '../simulator';

/** What goes wrong on the way, one of them every few seconds. None of it may lose or double anything. */
const TROUBLES: Array<[name: string, fault: Fault]> = [
	['WeCom is busy (-1)', { path: /media|appchat/, errcode: -1 }],
	['a token that has expired', { path: /media|appchat/, token: 'expire' }],
	['a token that was revoked', { path: /media|appchat/, token: 'revoke' }],
	['a gateway that answers 503', { path: 'media/upload', status: 503 }],
	['an upload cut on arrival', { path: 'media/upload', cut: 'onArrival' }],
	['an upload whose answer is lost', { path: 'media/upload', cut: 'beforeAnswer' }],
	['a download cut after 1,000 bytes', { path: 'media/get', cutAfterBytes: 1_000 }],
	['a slow answer', { delayMs: 1_500 }],
	['a message whose answer is lost', { path: 'appchat/send', cut: 'beforeAnswer' }],
	['a result that comes late', { path: 'media/get_upload_by_url_result', delayMs: 2_000 }],
];

/** Plans the next trouble, all in turn; gives its name. */
export function nextTrouble({ faults }: Simulator, turn: number): string {
	const [name, fault] = TROUBLES[turn % TROUBLES.length];
	faults.next(fault);
	return name;
}
