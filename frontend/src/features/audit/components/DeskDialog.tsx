/** A dialog over the desk: at once, named, and gone with Escape; the keyboard returns to where it was. */

import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface DeskDialogProps {
  opened: boolean
  onClose: () => void
  title: string
  size: string
  closeOnEscape?: boolean
  children: ReactNode
}

export function DeskDialog(props: DeskDialogProps) {
  const { t } = useTranslation()
  return <Modal {...props} transitionProps={{ duration: 0 }} closeButtonProps={{ 'aria-label': t('audit.close') }} />
}
