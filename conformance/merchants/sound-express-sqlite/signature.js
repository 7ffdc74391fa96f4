// TurraTech's signature: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`.

import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_SECS = 300;

/** Whether the header signs these very bytes with this secret, at a time close to `now` (milliseconds). */
export function isSigned(body, header, secret, now) {
  const items = (header ?? '').split(',').map(parted);
  const times = items.filter(([name]) => name === 't').map(([, value]) => value);
  const macs = items.filter(([name]) => name === 'v1').map(([, value]) => value);
  // Two times would leave open which of them is signed.
  if (times.length !== 1 || !/^[1-9][0-9]{0,14}$/.test(times[0])) return false;

  const due = createHmac('sha256', secret).update(`${times[0]}.`).update(body).digest();
  // Several while the secret is being replaced: one that matches is enough.
  const matches = macs.filter((mac) => /^[0-9a-f]{64}$/.test(mac) && timingSafeEqual(Buffer.from(mac, 'hex'), due));
  return matches.length > 0 && Math.abs(Math.floor(now / 1000) - Number(times[0])) <= TOLERANCE_SECS;
}

function parted(item) {
  const end = item.indexOf('=');
  return end < 0 ? [item, ''] : [item.slice(0, end), item.slice(end + 1)];
}
