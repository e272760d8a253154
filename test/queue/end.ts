import { closeCluster } from './sharedCluster';

export default closeCluster;
