// flagged: module-order-provisioning
import '../messaging/index.ts';
