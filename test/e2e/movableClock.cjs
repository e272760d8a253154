/**
 * Loaded into n8n with `node --require`: its Date.now() runs ahead by the milliseconds that stand in the file that
 * MOVABLE_CLOCK names, so that a test need not wait.
 */
const { readFileSync } = require('node:fs');

const realNow = Date.now.bind(Date);
let ahead = 0;

setInterval(() => {
	ahead = Number(readFileSync(process.env.MOVABLE_CLOCK, 'utf8'));
}, 50).unref();

Date.now = () => realNow() + ahead;
