/** Unmeasured files that every process moves first, so that no client is measured while its code is being compiled. */
export const WARM_UP = { files: 200, fileBytes: 20_000 };
