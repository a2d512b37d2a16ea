/** Which app a device takes, in the order people ask; `{link}` is where the subscription goes. */
const app = 'Happ';
const deepLink = 'happ://add/{link}';

export const connect = [
  {
    platform: 'ios',
    name: 'iPhone, iPad',
    app,
    deepLink,
    installUrl: 'https://apps.apple.com/app/happ-proxy-utility/id6504287215',
  },
  {
    platform: 'android',
    name: 'Android',
    app,
    deepLink,
    installUrl: 'https://play.google.com/store/apps/details?id=com.happproxy',
  },
  {
    platform: 'windows',
    name: 'Windows',
    app,
    deepLink,
    installUrl: 'https://github.com/Happ-proxy/happ-desktop/releases/latest',
  },
  {
    platform: 'macos',
    name: 'macOS',
    app,
    deepLink,
    installUrl: 'https://apps.apple.com/app/happ-proxy-utility/id6504287215',
  },
];
