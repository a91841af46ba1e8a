// Turns a table's Parquet file into an Arrow stream, away from the page.
import { initSync, readParquet } from "parquet-wasm/esm";

self.onmessage = ({ data }) => {
  if (data.wasm) {
    initSync({ module: data.wasm });
    self.postMessage({ ready: true });
    return;
  }
  try {
    const stream = readParquet(new Uint8Array(data.parquet)).intoIPCStream();
    self.postMessage({ stream }, [stream.buffer]);
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
