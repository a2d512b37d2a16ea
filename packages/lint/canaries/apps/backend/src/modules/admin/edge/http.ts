// clean
import '../../payments/index.ts';
import '../../messaging/index.ts';
