/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
// n8n-core reads these while it is being loaded, so this file is imported before it.
import '../test/helpers/environment';

Object.assign(process.env, {
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_LOG_LEVEL: 'error',
	N8N_LOG_OUTPUT: 'console',
});
