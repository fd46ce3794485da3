/** The keys, changed while one sits at the desk. */

import { KeySettings } from '../keys/KeySettings'
import { useDesk, useEditor } from './useDesk'

export function DeskKeySettings() {
  const { editor } = useDesk()
  const opened = useEditor((state) => state.dialog === 'keys')
  const categories = useEditor((state) => state.categories)
  return <KeySettings opened={opened} close={() => editor.set({ dialog: null })} categories={categories} />
}
