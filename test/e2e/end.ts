import { stopShared } from './sharedN8n';

export default stopShared;
