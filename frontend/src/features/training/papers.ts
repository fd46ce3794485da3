/** Where a method's reference can be read. */

/** The page of the arXiv number that a reference names or is; null where it names none. */
export function paperUrl(reference: string): string | null {
  const number = /(?:^|arXiv[: ]\s*)(\d{4}\.\d{4,5})\b/i.exec(reference)?.[1]
  return number ? `https://arxiv.org/abs/${number}` : null
}
