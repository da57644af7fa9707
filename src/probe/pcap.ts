/** A packet of TCP or UDP over IPv4 that was heard on a link. */
export interface HeardPacket {
  at: Date;
  protocol: 'tcp' | 'udp';
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  payload: Buffer;
}

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
const ethernetBytes = 14;
const ipv4 = 0x0800;
const protocols: Readonly<Record<number, HeardPacket['protocol']>> = { 6: 'tcp', 17: 'udp' };

/**
 * The packets in a file of classic pcap (draft-ietf-opsawg-pcap), little-endian and with microseconds, whose links are Ethernet
 * without VLAN tags: what `tcpdump -w` writes for a bridge. Anything but TCP and UDP over IPv4 is left out, and so is a last
 * packet that was cut off.
 * @throws when it is no such file
 */
export function packetsIn(file: Buffer): HeardPacket[] {
  if (file.length < fileHeaderBytes || file.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('not a pcap file');
  const packets: HeardPacket[] = [];
  let at = fileHeaderBytes;
  while (at + recordHeaderBytes <= file.length) {
    const [seconds, micros, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4), file.readUInt32LE(at + 8)];
    const frame = file.subarray(at + recordHeaderBytes, at + recordHeaderBytes + length);
    if (frame.length < length) break;
    const packet = packetOf(frame, new Date(seconds * 1000 + micros / 1000));
    if (packet !== undefined) packets.push(packet);
    at += recordHeaderBytes + length;
  }
  return packets;
}

function packetOf(frame: Buffer, at: Date): HeardPacket | undefined {
  if (frame.length < ethernetBytes + 20 || frame.readUInt16BE(12) !== ipv4) return undefined;
  const ip = frame.subarray(ethernetBytes);
  const headerBytes = (ip.readUInt8(0) & 0x0f) * 4;
  const protocol = protocols[ip.readUInt8(9)];
  // The frame may be padded to Ethernet's least length.
  const inner = ip.subarray(headerBytes, ip.readUInt16BE(2));
  if (protocol === undefined || inner.length < 8) return undefined;
  const innerHeader = protocol === 'udp' ? 8 : inner.length < 20 ? inner.length : (inner.readUInt8(12) >> 4) * 4;
  return {
    at,
    protocol,
    source: address(ip, 12),
    sourcePort: inner.readUInt16BE(0),
    destination: address(ip, 16),
    destinationPort: inner.readUInt16BE(2),
    payload: inner.subarray(innerHeader),
  };
}

function address(ip: Buffer, at: number): string {
  return [...ip.subarray(at, at + 4)].join('.');
}
