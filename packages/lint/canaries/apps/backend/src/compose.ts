// clean
import './config/load.ts';
import './reactions.ts';
import '../../../products/sample/product.ts';
