import { createRunFolder } from './runFolder';

export default createRunFolder;
