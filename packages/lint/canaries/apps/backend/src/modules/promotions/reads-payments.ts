// flagged: module-order-promotions
import '../payments/index.ts';
