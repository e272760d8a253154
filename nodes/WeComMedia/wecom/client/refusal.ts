import { WeComApiError } from './errors';

/**
 * For refusals that are an answer.
 *
 * @returns what came of a call, or WeCom's refusal if it is an expected one
 * @throws every other failure
 */
export async function orRefusal<T>(
	call: Promise<T>,
	isExpected: (refusal: WeComApiError) => boolean,
): Promise<T | WeComApiError> {
	return await call.catch((error: unknown) =>
		error instanceof WeComApiError && isExpected(error) ? error : Promise.reject(error),
	);
}
