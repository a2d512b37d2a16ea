// clean
import { API } from '@opora/contracts';

export const path = API;
