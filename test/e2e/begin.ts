import { startShared } from './sharedN8n';

export default startShared;
