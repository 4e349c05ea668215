import { crc32 } from "node:zlib";

/** 1 January 1980, the first day that a zip can name, so that the same content is the same bytes. */
const DATE = 0x0021;

/** Readable by all, as Lambda asks, and an ordinary file (of Unix, in the upper half). */
const MODE = 0o100644 * 0x10000;

/**
 * A zip with one file in it, uncompressed: the same bytes on every machine, which no compression promises (PKWARE,
 * APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16).
 *
 * @param name in ASCII
 */
export function zipOf(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const path = Buffer.from(name);
  // Version needed, flags, method «stored», time and date, checksum, sizes twice, the name's length, no extra field.
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(DATE, 8);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, content]);
  const attributes = Buffer.alloc(14);
  attributes.writeUInt32LE(MODE, 6);
  // Made by version 2.0 on Unix; then as above, no comment, the first disk, and where the file begins.
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), common, attributes, path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
}
