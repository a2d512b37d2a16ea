// clean
import './modules/catalog/index.ts';
