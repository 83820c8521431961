// Named random streams, bit by bit those of spikeloc.io.randomness: docs/model.md, "Random bits".
// Philox 4x64 with 10 rounds (Salmon et al. 2011). A 64-bit word is two 32-bit numbers, because
// JavaScript's own numbers have 53 bits and its big integers are slow.

const HIGH = 2 ** 32;

/** The upper 32 bits of the product of two 32-bit numbers. @param {number} a @param {number} b */
function upper(a, b) {
  const a0 = a & 0xffff, a1 = a >>> 16, b0 = b & 0xffff, b1 = b >>> 16;
  return a1 * b1 + (((a0 * b1 + a1 * b0 + ((a0 * b0) >>> 16)) / 65536) | 0);
}

/**
 * The first `count` 32-bit numbers of a stream, the lower half of each word first.
 * @param {string} seed
 * @param {string} name the stream's 64-bit key as 16 hexadecimal digits
 * @param {number} count
 * @param {number} [index] such as the number of a sample
 * @param {number} [skip] begin after so many, a multiple of eight
 */
export function numbers32(seed, name, count, index = 0, skip = 0) {
  const blocks = Math.ceil(count / 8);
  const numbers = new Uint32Array(8 * blocks);
  const keys = schedule(seed, name);
  for (let block = 0; block < blocks; block++) {
    const counter = skip / 8 + block + 1; // numpy counts up before the first block
    // four words a, b, c, d, the higher half (h) and the lower (l)
    let ah = (counter / HIGH) | 0, al = counter >>> 0, bh = (index / HIGH) | 0, bl = index >>> 0;
    let ch = 0, cl = 0, dh = 0, dl = 0;
    for (let at = 0; at < keys.length; at += 4) {
      // a times 0xD2E7470EE14C6C93 and c times 0xCA5A826395121157: 128 bits each
      const am = upper(al, 0xe14c6c93) + (Math.imul(ah, 0xe14c6c93) >>> 0)
        + (Math.imul(al, 0xd2e7470e) >>> 0);
      const an = upper(ah, 0xe14c6c93) + upper(al, 0xd2e7470e)
        + (Math.imul(ah, 0xd2e7470e) >>> 0) + ((am / HIGH) | 0);
      const ao = upper(ah, 0xd2e7470e) + ((an / HIGH) | 0);
      const cm = upper(cl, 0x95121157) + (Math.imul(ch, 0x95121157) >>> 0)
        + (Math.imul(cl, 0xca5a8263) >>> 0);
      const cn = upper(ch, 0x95121157) + upper(cl, 0xca5a8263)
        + (Math.imul(ch, 0xca5a8263) >>> 0) + ((cm / HIGH) | 0);
      const co = upper(ch, 0xca5a8263) + ((cn / HIGH) | 0);
      const lowA = Math.imul(al, 0xe14c6c93) >>> 0, lowC = Math.imul(cl, 0x95121157) >>> 0;
      ah = (co ^ bh ^ keys[at]) >>> 0, al = (cn ^ bl ^ keys[at + 1]) >>> 0;
      ch = (ao ^ dh ^ keys[at + 2]) >>> 0, cl = (an ^ dl ^ keys[at + 3]) >>> 0;
      bh = cm >>> 0, bl = lowC, dh = am >>> 0, dl = lowA;
    }
    numbers.set([al, ah, bl, bh, cl, ch, dl, dh], 8 * block);
  }
  return numbers.subarray(0, count);
}

/** Both 64-bit keys of each of the ten rounds; a seed may have 63 bits. @param {string} seed @param {string} name */
function schedule(seed, name) {
  const keys = new Uint32Array(40);
  let high0 = Number(BigInt(seed) >> 32n), low0 = Number(BigInt(seed) & 0xffffffffn);
  let high1 = parseInt(name.slice(0, 8), 16), low1 = parseInt(name.slice(8), 16);
  for (let at = 0; at < 40; at += 4) {
    keys.set([high0, low0, high1, low1], at);
    low0 += 0x7f4a7c15, low1 += 0x84caa73b;
    high0 = (high0 + 0x9e3779b9 + Math.floor(low0 / HIGH)) % HIGH, low0 %= HIGH;
    high1 = (high1 + 0xbb67ae85 + Math.floor(low1 / HIGH)) % HIGH, low1 %= HIGH;
  }
  return keys;
}

/**
 * The uniform number in [0, 1) at a place of a stream: the upper 53 bits of its word.
 * @param {string} seed @param {string} name @param {number} place
 */
export function uniform(seed, name, place) {
  const skip = 8 * Math.floor(place / 4);
  const at = 2 * (place % 4);
  const numbers = numbers32(seed, name, 8, 0, skip);
  return (numbers[at + 1] * 2 ** 21 + (numbers[at] >>> 11)) * 2 ** -53;
}

/**
 * Standard normal numbers of a stream, by Box and Muller's method: not those of the package, whose
 * noise is keyed by a hash of the spikes.
 * @param {string} seed @param {string} name @param {number} count @param {number} index
 */
export function normal(seed, name, count, index) {
  const pairs = Math.ceil(count / 2);
  const draws = numbers32(seed, name, 2 * pairs, index);
  const values = new Float32Array(2 * pairs);
  for (let i = 0; i < pairs; i++) {
    const radius = Math.sqrt(-2 * Math.log((draws[2 * i] + 0.5) * 2 ** -32));
    const angle = 2 * Math.PI * draws[2 * i + 1] * 2 ** -32;
    values[2 * i] = radius * Math.cos(angle);
    values[2 * i + 1] = radius * Math.sin(angle);
  }
  return values;
}
