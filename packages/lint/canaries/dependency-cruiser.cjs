// The rules of the house, over the canaries alone.
const house = require('../dependency-cruiser.cjs');

module.exports = {
  ...house,
  options: { ...house.options, exclude: { path: ['/\\.next/'] } },
};
