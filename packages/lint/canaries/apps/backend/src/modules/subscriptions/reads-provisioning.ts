// flagged: module-order-subscriptions
import '../provisioning/index.ts';
