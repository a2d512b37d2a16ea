/** The product's face: a name and one hue; everything else is derived. */
export const brand = { name: { ru: '2GETPRO', en: '2GETPRO' }, hue: 300 };
