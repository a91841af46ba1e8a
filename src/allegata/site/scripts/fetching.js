// Getting files of the site's own host, with a word on how far it is.

/**
 * The bytes of a file.
 * @param {string | URL} url Where it is.
 * @param {(bytes: number) => void} [told] Is told of each piece that has come.
 * @returns {Promise<Uint8Array>}
 */
export async function fetched(url, told = () => {}) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${new URL(url, location.href).pathname} cannot be had (${answer.status})`);
  const pieces = [];
  let total = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    total += value.length;
    told(value.length);
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A file that was packed when the site was made, or that its server has unpacked already. */
export async function unpacked(url, told) {
  const bytes = await fetched(url, told);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
