// clean
/** The one reader of the environment. */
export const environment = process.env['OPORA_ENV'];
