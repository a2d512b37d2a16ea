// clean
import '../../kernel/src/money.ts';
import 'zod';
