/** Files out of a drop, folders walked to their end. Hidden files (`.DS_Store`) stay behind. */

export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The entries must be taken before the first await: the browser empties the transfer afterwards.
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return visible(Array.from(transfer.files))
  return visible((await Promise.all(entries.map(filesUnder))).flat())
}

export function visible(files: File[]): File[] {
  return files.filter((file) => !file.name.startsWith('.'))
}

async function filesUnder(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)]
  const children = await childrenOf((entry as FileSystemDirectoryEntry).createReader())
  return (await Promise.all(children.map(filesUnder))).flat()
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** A reader gives at most 100 entries a call, and an empty list at the end. */
async function childrenOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
