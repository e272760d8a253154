import type { AnswerForm } from './answerForm';
import type { RecordedCall } from './record';

/** How the answer to a coming call is bent. Without any of the effects the call is answered normally. */
export interface Fault {
	/** Whose answer: an endpoint (`/cgi-bin/` may be left out) or a pattern; absent means any. */
	path?: string | RegExp;
	method?: string;
	/** A closer look at the call, e.g. at its Range header or its query. */
	when?: (call: RecordedCall) => boolean;
	/** How many calls are bent; default 1. */
	times?: number;
	/** How many matching calls pass unharmed first; default 0. */
	skip?: number;

	/** Answer with this business error; the call has no effect. */
	errcode?: number;
	errmsg?: string;
	/** Answer with this HTTP status; the call has no effect. */
	status?: number;
	/** Answer with this text; the call has no effect. Status 200 unless `status` says otherwise. */
	body?: string;
	/** Let the call have its effect before `errcode`, `status` or `body` answers. */
	afterEffect?: boolean;
	/** Let the call have its effect, and make its successful answer unreadable or incomplete. */
	form?: AnswerForm;
	/** Headers added to the answer. */
	headers?: Record<string, string>;

	/** Expire or revoke the token this call carries, before it is looked at. */
	token?: 'expire' | 'revoke';

	/** Wait before the call is handled, with the simulator's sleep. */
	delayMs?: number;
	/** Wait for this before the call is handled. */
	hold?: Promise<unknown>;
	/** Cut the connection: as soon as the headers are in, or after the effect but before the answer. */
	cut?: 'onArrival' | 'beforeAnswer';
	/** Cut the connection after this many bytes of the answer's body. */
	cutAfterBytes?: number;
	/** Send this many bytes of the answer's body, then nothing more. */
	stallAfterBytes?: number;
	/** Never answer. */
	stall?: boolean;
}

interface PlannedFault {
	fault: Fault;
	toSkip: number;
	left: number;
}

/** Bends coming answers: `next(...)` is used up by the calls it matches, nothing leaks further. */
export class Faults {
	private planned: PlannedFault[] = [];

	/** Plans a fault; several planned for one endpoint are used in the order given. */
	next(fault: Fault): void {
		this.planned.push({ fault, toSkip: fault.skip ?? 0, left: fault.times ?? 1 });
	}

	/** Forgets what is planned. */
	clear(): void {
		this.planned = [];
	}

	/** How many planned faults have not been used up. */
	get pending(): number {
		return this.planned.length;
	}

	/** For the server: the fault meant for this call. */
	take(call: RecordedCall): Fault | undefined {
		const planned = this.planned.find((candidate) => matches(candidate.fault, call));
		if (!planned) return undefined;
		if (planned.toSkip > 0) {
			planned.toSkip -= 1;
			return undefined;
		}
		planned.left -= 1;
		if (planned.left <= 0) this.planned = this.planned.filter((other) => other !== planned);
		return planned.fault;
	}
}

/** `/cgi-bin/media/get` as `media/get`. */
export function withoutPrefix(path: string): string {
	return path.replace(/^\/?cgi-bin\//, '');
}

function matches(fault: Fault, call: RecordedCall): boolean {
	if (fault.method !== undefined && fault.method !== call.method) return false;
	if (fault.path instanceof RegExp && !fault.path.test(call.path)) return false;
	if (typeof fault.path === 'string' && withPrefix(fault.path) !== withPrefix(call.path)) {
		return false;
	}
	return fault.when?.(call) ?? true;
}

/** `media/get` and `/cgi-bin/media/get` mean the same; other absolute paths stand for themselves. */
export function withPrefix(path: string): string {
	return path.startsWith('/') ? path : `/cgi-bin/${path}`;
}
