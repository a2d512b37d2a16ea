// flagged: module-order-payments
import '../subscriptions/index.ts';
