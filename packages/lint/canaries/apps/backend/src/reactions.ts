// clean
import { payments } from './modules/payments/index.ts';

export const reactions = [payments];
