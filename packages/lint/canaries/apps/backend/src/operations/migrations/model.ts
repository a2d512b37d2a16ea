// clean
import '../../bot/schema.ts';
import '../../modules/payments/schema.ts';
