/** Cells of a table that a spreadsheet opens. */

/** Text in quotes, also where it begins like a formula, which a spreadsheet would run. */
export function quoted(name: string): string {
  const text = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name
  return `"${text.replaceAll('"', '""')}"`
}

/** Numbers stay numbers, what is not known is empty. */
export function cell(value: string | number | null | undefined): string {
  return typeof value === 'string' ? quoted(value) : String(value ?? '')
}
