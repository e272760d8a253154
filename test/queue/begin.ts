import { offerCluster } from './sharedCluster';

export default offerCluster;
