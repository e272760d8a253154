/** Longest header block that is looked at, as in Node's own header limit. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Listens to a multipart body on its way to the parser and keeps every part's header block as raw
 * bytes: parsers do not hand these out, and tests want to see how a file name was really written.
 */
export class PartHeaderTap {
	/** Header blocks of the form-data parts seen so far, without the ending blank line. */
	readonly headers: Buffer[] = [];
	private readonly delimiter?: Buffer;
	private carry: Buffer = Buffer.alloc(0);
	private inHeader = false;

	constructor(contentType: string) {
		const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
		if (match) this.delimiter = Buffer.from(`--${match[1] ?? match[2]}\r\n`, 'latin1');
	}

	push(chunk: Buffer): void {
		if (!this.delimiter) return;
		let data = this.carry.length > 0 ? Buffer.concat([this.carry, chunk]) : chunk;
		for (;;) {
			if (this.inHeader) {
				const end = data.indexOf('\r\n\r\n');
				if (end < 0) {
					this.inHeader = data.length <= MAX_HEADER_BYTES;
					if (this.inHeader) {
						this.carry = Buffer.from(data);
						return;
					}
					continue;
				}
				this.keep(data.subarray(0, end));
				data = data.subarray(end + 2);
				this.inHeader = false;
			}
			const found = data.indexOf(this.delimiter);
			if (found < 0) {
				const tail = Math.min(data.length, this.delimiter.length - 1);
				this.carry = Buffer.from(data.subarray(data.length - tail));
				return;
			}
			data = data.subarray(found + this.delimiter.length);
			this.inHeader = true;
		}
	}

	/** Parts that are not form-data are passed over, as the parser does. */
	private keep(header: Buffer): void {
		if (/^content-disposition:\s*form-data/im.test(header.toString('latin1'))) {
			this.headers.push(Buffer.from(header));
		}
	}
}
