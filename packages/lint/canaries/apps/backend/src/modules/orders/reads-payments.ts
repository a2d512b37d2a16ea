// flagged: module-order-orders
import '../payments/index.ts';
